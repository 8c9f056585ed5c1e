package dev.errand.mutants;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** All mutants. */
public final class Mutants {

    private Mutants() {}

    /** Every mutant, port by port. */
    public static List<Mutant> all() {
        return Stream.of(
                        TaskStoreMutants.ALL,
                        RunStoreMutants.ALL,
                        RunQueueMutants.ALL,
                        RunLogMutants.ALL,
                        SecretStoreMutants.ALL,
                        StagingStoreMutants.ALL,
                        ObjectStoreMutants.ALL,
                        LauncherMutants.ALL,
                        RuleMutants.ALL,
                        HostMutants.ALL,
                        RuleDetailMutants.ALL,
                        DispatcherMutants.ALL)
                .flatMap(Collection::stream)
                .toList();
    }

    /**
     * The mutant with this name.
     *
     * @throws java.util.NoSuchElementException if there is none
     */
    public static Mutant named(String name) {
        return all().stream().filter(it -> it.toString().equals(name)).findFirst().orElseThrow();
    }
}
