package dev.errand.internal.dispatch;

import dev.errand.dispatch.GracePeriods;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;

/**
 * The facts that decide the next step for a run.
 *
 * @param phase phase of the dispatch
 * @param status group of the run's status
 * @param stop whether the sandbox must stop
 * @param sandbox state of the sandbox, as reported by the launcher
 * @param exceeded limit that the run exceeds
 * @param launch whether a launch of a queued run may have happened without being recorded
 */
record DispatchFacts(
        QueueEntry.Phase phase,
        StatusGroup status,
        Stop stop,
        Sandbox sandbox,
        ExceededLimit exceeded,
        UnrecordedLaunch launch) {

    /** Groups of run statuses that dispatch distinguishes. */
    enum StatusGroup {
        /** No agent has started. */
        QUEUED,
        /** An agent has started, or reported that it has. */
        STARTED,
        /** The run has a terminal status. */
        ENDED;

        static StatusGroup of(Run run) {
            if (run.status().isTerminal()) {
                return ENDED;
            }
            return run.status() == RunStatus.QUEUED ? QUEUED : STARTED;
        }
    }

    /** Whether a sandbox must stop. */
    enum Stop {
        /** No stop was requested. */
        NO,
        /** The run ended a moment ago; the sandbox may still finish by itself. */
        SOON,
        /** The sandbox must be stopped. */
        NOW;

        static Stop of(StoredRun stored, GracePeriods gracePeriods, Instant now) {
            Run run = stored.run();
            boolean ended = run.status().isTerminal();
            if (stored.stopReason().isEmpty() && !ended) {
                return NO;
            }
            boolean mayFinish =
                    stored.stopReason().orElse(StopReason.ENDED) == StopReason.ENDED
                            && run.completedAt()
                                    .filter(end -> now.isBefore(end.plus(gracePeriods.finish())))
                                    .isPresent();
            return mayFinish ? SOON : NOW;
        }
    }

    /** Whether a launch may have happened without being recorded. */
    enum UnrecordedLaunch {
        /** Every lease on the run was released, and this dispatcher has not called the launcher. */
        IMPOSSIBLE,
        /**
         * An earlier lease on the run expired, or this dispatcher called the launcher and could not
         * record the result.
         */
        POSSIBLE
    }

    /** State of a sandbox. */
    enum Sandbox {
        /** The launcher was not asked yet. */
        NOT_INSPECTED,
        /** It runs. */
        RUNNING,
        /** It exited, and its output can be collected. */
        EXITED,
        /**
         * It exited because of a limit of its provider, and the policy lets the run wait for its
         * end.
         */
        LIMITED,
        /** It does not exist. */
        GONE,
        /** The launcher failed, or gave no valid answer. */
        UNKNOWN
    }

    /** Returns whether these facts can occur together. */
    boolean isPossible() {
        boolean isStopping = stop != Stop.NO;
        boolean hasEnded = status == StatusGroup.ENDED;
        boolean mayLaunch = phase == QueueEntry.Phase.WAITING && status == StatusGroup.QUEUED;
        return (isStopping || !hasEnded)
                && (stop != Stop.SOON || hasEnded)
                && exceeded.isPossible(phase, isStopping)
                && (launch == UnrecordedLaunch.IMPOSSIBLE || mayLaunch && !isStopping);
    }
}
