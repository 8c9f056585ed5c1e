package dev.errand.http;

import dev.errand.ErrorCode;
import dev.errand.RequestDenied;
import dev.errand.run.RunState;
import dev.errand.run.Runs;
import dev.errand.run.StateKey;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** A run and those it resumes, oldest first (contract E5, I7). */
final class ResumeChain {

    /** A walk looks no further back. */
    private static final int MAX_ANCESTORS = 10;

    private ResumeChain() {}

    /**
     * Walks back from a run, inside its task, up to a cycle or to what is gone.
     *
     * @throws RequestDenied if the run itself is not there, or not the caller's to read
     */
    static List<RunId> of(Runs runs, TaskId task, RunId run) {
        Deque<RunId> chain = new ArrayDeque<>(List.of(run));
        Optional<Run> oldest = Optional.of(runs.get(task, run));
        while (chain.size() <= MAX_ANCESTORS) {
            oldest =
                    oldest.flatMap(ResumeChain::resumed)
                            .filter(id -> !chain.contains(id))
                            .flatMap(id -> find(runs, task, id));
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

    private static Optional<Run> find(Runs runs, TaskId task, RunId run) {
        try {
            return Optional.of(runs.get(task, run));
        } catch (RequestDenied denied) {
            if (denied.code() != ErrorCode.NOT_FOUND) {
                throw denied;
            }
            return Optional.empty();
        }
    }
}
