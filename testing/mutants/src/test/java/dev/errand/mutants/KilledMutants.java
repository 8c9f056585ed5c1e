package dev.errand.mutants;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Checks that every mutant of some parts is killed by a contract that runs against it. */
abstract class KilledMutants {

    private final Set<Mutant.Part> parts;

    KilledMutants(Mutant.Part... parts) {
        this.parts = Set.of(parts);
    }

    /** Prints which test kills which mutant. */
    @Test
    void noMutantSurvives() throws IOException {
        MutantRunner runner = new MutantRunner();
        List<Mutant> mutants =
                Mutants.all().stream().filter(it -> parts.contains(it.part())).toList();
        List<String> table = new ArrayList<>(List.of("| mutant | killed by |", "|---|---|"));
        Map<String, String> killers = new HashMap<>();
        List<Mutant> survivors = new ArrayList<>();
        for (Mutant mutant : mutants) {
            Optional<String> killer = runner.killer(mutant);
            System.out.printf("%-90s %s%n", mutant, killer.orElse("SURVIVES"));
            table.add("| %s | %s |".formatted(mutant, killer.orElse("SURVIVES")));
            killers.put(mutant.toString(), killer.orElse("no contract"));
            if (killer.isEmpty()) {
                survivors.add(mutant);
            }
        }
        System.out.println(
                "mutants killed: %d / %d"
                        .formatted(mutants.size() - survivors.size(), mutants.size()));
        Path target = Files.createDirectories(Path.of("target"));
        Files.write(target.resolve("mutants-" + getClass().getSimpleName() + ".md"), table);

        assertThat(survivors).isEmpty();
        ExclusiveMutants.ALL.forEach(
                (contract, mutant) -> {
                    if (killers.containsKey(mutant)) {
                        assertThat(killers.get(mutant))
                                .as(mutant)
                                .startsWith(Contracts.nameOf(contract) + ".");
                    }
                });
    }
}
