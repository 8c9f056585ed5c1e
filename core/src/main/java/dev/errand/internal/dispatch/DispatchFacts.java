package dev.errand.internal.dispatch;

import dev.errand.dispatch.GracePeriods;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import java.time.Instant;

/**
 * What decides the next step for a run, and nothing else.
 *
 * @param phase how far its execution is
 * @param standing where its status is
 * @param stop whether its sandbox is to be stopped
 * @param sandbox what the launcher says of its sandbox
 * @param overdue which limit it is past
 */
public record DispatchFacts(
        DispatchState.Phase phase, Standing standing, Stop stop, Sandbox sandbox, Overdue overdue) {

    /** Where a run's status is, as far as its sandbox is concerned. */
    public enum Standing {
        /** Nobody is at work. */
        QUEUED,
        /** Somebody is at work, or said so. */
        ACTIVE,
        /** It ended. */
        ENDED;

        static Standing of(Run run) {
            if (run.status().isTerminal()) {
                return ENDED;
            }
            return run.status() == RunStatus.QUEUED ? QUEUED : ACTIVE;
        }
    }

    /** Whether a sandbox is to be stopped. */
    public enum Stop {
        /** Nobody asked. */
        NO,
        /** It is to stop by itself: its run ended a moment ago, and it may send what is left. */
        SOON,
        /** It is to be stopped. */
        NOW;

        static Stop of(Run run, GracePeriods gracePeriods, Instant now) {
            boolean ended = run.status().isTerminal();
            if (run.dispatch().stop().isEmpty() && !ended) {
                return NO;
            }
            boolean mayFinish =
                    run.dispatch().stop().orElse(DispatchState.StopReason.ENDED)
                                    == DispatchState.StopReason.ENDED
                            && run.completedAt()
                                    .filter(end -> now.isBefore(end.plus(gracePeriods.end())))
                                    .isPresent();
            return mayFinish ? SOON : NOW;
        }
    }

    /** What the launcher says of a sandbox. */
    public enum Sandbox {
        /** It was not asked yet. */
        UNSEEN,
        /** It is alive. */
        RUNNING,
        /** It ended and left something behind. */
        EXITED,
        /** There is none. */
        GONE,
        /** The launcher failed to say. */
        UNKNOWN
    }

    /** Whether these can be together at all. */
    public boolean arePossible() {
        boolean stops = stop != Stop.NO;
        boolean ended = standing == Standing.ENDED;
        return (stops || !ended)
                && (stop != Stop.SOON || ended)
                && (!phase.isActive() ? overdue == Overdue.NOTHING : overdue.canBe(phase, stops));
    }
}
