package dev.errand.tck;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Tests that {@link StorageContracts} contains every storage contract. */
class StorageContractsTest {

    /** Base classes of the contracts. */
    private static final Set<String> SHARED = Set.of("StorageContract", "LogContract");

    @Test
    void everyContractIsIncluded() throws Exception {
        List<String> contracts = contracts();

        assertThat(contracts).isNotEmpty();
        assertThat(Arrays.stream(StorageContracts.class.getDeclaredClasses()))
                .extracting(contract -> contract.getSuperclass().getSimpleName())
                .containsExactlyInAnyOrderElementsOf(contracts);
    }

    /** Returns the names of all contract classes. */
    private static List<String> contracts() throws Exception {
        URI classes = StorageContracts.class.getResource("StorageContracts.class").toURI();
        try (Stream<Path> files = Files.list(Path.of(classes).getParent())) {
            return files.map(file -> file.getFileName().toString().replace(".class", ""))
                    .filter(name -> name.endsWith("Contract") && !SHARED.contains(name))
                    .toList();
        }
    }
}
