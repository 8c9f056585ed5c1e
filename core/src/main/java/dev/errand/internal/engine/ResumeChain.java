package dev.errand.internal.engine;

import dev.errand.internal.rules.RunState;
import dev.errand.run.StateKey;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A run and the runs that it resumes, oldest first (docs/wire/starting-runs.md#e5,
 * docs/wire/logs.md#i7).
 */
final class ResumeChain {

    private static final int MAX_ANCESTORS = 10;

    private ResumeChain() {}

    /**
     * Follows the chain back from a run. It ends at a run that resumes none, at a run that no
     * longer exists, before a cycle, or after {@value #MAX_ANCESTORS} ancestors.
     *
     * @param find finds a run of the same task
     */
    static List<RunId> of(Run run, Function<RunId, Optional<Run>> find) {
        Deque<RunId> chain = new ArrayDeque<>(List.of(run.id()));
        Optional<Run> oldest = Optional.of(run);
        while (chain.size() <= MAX_ANCESTORS) {
            oldest =
                    oldest.flatMap(ResumeChain::resumed)
                            .filter(id -> !chain.contains(id))
                            .flatMap(find);
            if (oldest.isEmpty()) {
                break;
            }
            chain.addFirst(oldest.get().id());
        }
        return List.copyOf(chain);
    }

    private static Optional<RunId> resumed(Run run) {
        return RunState.of(run).text(StateKey.RESUME_FROM_RUN_ID).flatMap(RunId::parse);
    }
}
