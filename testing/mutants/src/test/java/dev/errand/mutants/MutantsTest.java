package dev.errand.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskStore;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Checks that every mutant is killed by a contract that runs against it. */
class MutantsTest {

    private static final List<Class<?>> PORTS =
            List.of(
                    TaskStore.class,
                    RunStore.class,
                    RunQueue.class,
                    RunLog.class,
                    SecretStore.class,
                    RetentionStore.class,
                    StagingStore.class,
                    LocalObjectStore.class,
                    SandboxLauncher.class);

    /** Prints which test kills which mutant. */
    @Test
    void noMutantSurvives() throws IOException {
        MutantRunner runner = new MutantRunner();
        List<Mutant> survivors = new ArrayList<>();
        List<String> table = new ArrayList<>(List.of("| mutant | killed by |", "|---|---|"));
        Map<String, String> killers = new HashMap<>();
        List<Mutant> all = Mutants.all();
        for (Mutant mutant : all) {
            Optional<String> killer = runner.killer(mutant);
            System.out.printf("%-90s %s%n", mutant, killer.orElse("SURVIVES"));
            table.add("| %s | %s |".formatted(mutant, killer.orElse("SURVIVES")));
            killers.put(mutant.toString(), killer.orElse("no contract"));
            if (killer.isEmpty()) {
                survivors.add(mutant);
            }
        }
        System.out.println(
                "mutants killed: %d / %d".formatted(all.size() - survivors.size(), all.size()));
        Files.write(Files.createDirectories(Path.of("target")).resolve("mutants.md"), table);

        assertThat(survivors).isEmpty();
        ExclusiveMutants.ALL.forEach(
                (contract, mutant) ->
                        assertThat(killers.get(mutant))
                                .as(mutant)
                                .startsWith(Contracts.nameOf(contract) + "."));
    }

    /** {@link ContractMatrix} verifies that they are exclusive; this takes minutes. */
    @Test
    void everyContractHasAnExclusiveMutant() {
        assertThat(ExclusiveMutants.ALL).containsOnlyKeys(Contracts.all());
    }

    @ParameterizedTest
    @EnumSource
    void everyPartHasManyMutants(Mutant.Part part) {
        assertThat(Mutants.all()).filteredOn(it -> it.part() == part).hasSizeGreaterThan(15);
    }

    @ParameterizedTest
    @EnumSource
    void everyFailureModeHasAtLeastFourMutants(FailureMode failureMode) {
        assertThat(Mutants.all())
                .filteredOn(it -> it.failureMode() == failureMode)
                .hasSizeGreaterThan(3);
    }

    @Test
    void everyMethodOfAPortExceptCloseHasAtLeastTwoMutants() {
        Stream<Method> methods =
                PORTS.stream()
                        .flatMap(port -> Stream.of(port.getMethods()))
                        .filter(method -> !method.getName().equals("close"));
        assertThat(methods)
                .isNotEmpty()
                .allSatisfy(
                        method ->
                                assertThat(Mutants.all())
                                        .filteredOn(it -> breaks(it, method))
                                        .hasSizeGreaterThan(1));
    }

    private static boolean breaks(Mutant mutant, Method method) {
        boolean ofObjects = method.getDeclaringClass() == ObjectStore.class;
        return mutant.part() == Mutant.Part.PORT
                && mutant.port()
                        == (ofObjects ? LocalObjectStore.class : method.getDeclaringClass())
                && mutant.method().equals(method.getName());
    }
}
