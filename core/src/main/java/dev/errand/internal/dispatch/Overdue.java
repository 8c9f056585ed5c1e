package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.Run;
import java.time.Instant;

/** Which of its limits a run is past; pure. */
public enum Overdue {
    /** None. */
    NOTHING,
    /** It grew too old in the queue before its first launch was tried. */
    QUEUE_AGE,
    /** Its launches failed for too long, or too often. */
    RETRIES,
    /** Nothing was heard of its sandbox for too long. */
    SILENCE,
    /** Its sandbox runs for too long. */
    RUN_TIME,
    /** It is not confirmed for too long that its sandbox stopped. */
    STOP_TIME;

    /**
     * Which limit a run is past.
     *
     * @param lastHeard when its sandbox was heard last
     */
    public static Overdue of(Run run, DispatchOptions options, Instant lastHeard, Instant now) {
        DispatchState dispatch = run.dispatch();
        if (!dispatch.phase().isActive()) {
            return NOTHING;
        }
        if (dispatch.stop().isPresent() || run.status().isTerminal()) {
            return isStopOverdue(dispatch, options.gracePeriods(), now) ? STOP_TIME : NOTHING;
        }
        DispatchTimeouts limits = options.timeouts().of(run);
        if (dispatch.phase() == DispatchState.Phase.WAITING) {
            Instant queuedAt = dispatch.queuedAt().orElse(run.createdAt());
            if (dispatch.failures() == 0) {
                return now.isAfter(queuedAt.plus(limits.queued())) ? QUEUE_AGE : NOTHING;
            }
            return options.retries().areExhausted(dispatch, queuedAt, now) ? RETRIES : NOTHING;
        }
        if (now.isAfter(dispatch.dueAt().orElseThrow().plus(limits.total()))) {
            return RUN_TIME; // What was launched is due since then.
        }
        return now.isAfter(lastHeard.plus(limits.inactivity())) ? SILENCE : NOTHING;
    }

    /** What must stop is due since it was asked to. */
    private static boolean isStopOverdue(
            DispatchState dispatch, GracePeriods gracePeriods, Instant now) {
        return dispatch.stop().isPresent()
                && now.isAfter(dispatch.dueAt().orElseThrow().plus(gracePeriods.confirm()));
    }

    /** Whether a run in this phase can be past this limit. */
    public boolean canBe(DispatchState.Phase phase, boolean stops) {
        return switch (this) {
            case NOTHING -> true;
            case QUEUE_AGE, RETRIES -> phase == DispatchState.Phase.WAITING && !stops;
            case SILENCE, RUN_TIME -> phase == DispatchState.Phase.LAUNCHED && !stops;
            case STOP_TIME -> phase.isActive() && stops;
        };
    }
}
