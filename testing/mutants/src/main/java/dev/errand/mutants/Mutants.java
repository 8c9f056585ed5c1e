package dev.errand.mutants;

import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** All mutants. */
public final class Mutants {

    private Mutants() {}

    /** Returns all mutants, grouped by port. */
    public static List<Mutant> all() {
        return Stream.of(
                        TaskStoreMutants.ALL,
                        RunStoreMutants.ALL,
                        RunQueueMutants.ALL,
                        RunLogMutants.ALL,
                        SecretStoreMutants.ALL,
                        StagingStoreMutants.ALL,
                        RetentionStoreMutants.ALL,
                        ConversationStoreMutants.ALL,
                        ObjectStoreMutants.ALL,
                        LauncherMutants.ALL,
                        RuleMutants.ALL,
                        HostMutants.ALL,
                        RuleDetailMutants.ALL,
                        DispatcherMutants.ALL,
                        WorkerPoolMutants.ALL)
                .flatMap(Collection::stream)
                .toList();
    }

    /**
     * Returns the mutant with this name.
     *
     * @param name the name as returned by {@link Mutant#toString}
     * @throws java.util.NoSuchElementException if no mutant has this name
     */
    public static Mutant named(String name) {
        return all().stream().filter(it -> it.toString().equals(name)).findFirst().orElseThrow();
    }
}
