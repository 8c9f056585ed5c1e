package dev.errand.dispatch;

import dev.errand.spi.dispatch.Dispatch;
import dev.errand.spi.run.Run;
import java.time.Instant;

/** Which of its limits a run is past; pure. */
enum Overdue {
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
    static Overdue of(Run run, DispatchOptions options, Instant lastHeard, Instant now) {
        Dispatch dispatch = run.dispatch();
        if (!dispatch.phase().isOwed()) {
            return NOTHING;
        }
        if (dispatch.stop().isPresent() || run.status().isTerminal()) {
            return isStopOverdue(dispatch, options.graces(), now) ? STOP_TIME : NOTHING;
        }
        DispatchDeadlines limits = options.deadlines().of(run);
        if (dispatch.phase() == Dispatch.Phase.WAITING) {
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
    private static boolean isStopOverdue(Dispatch dispatch, DispatchGraces graces, Instant now) {
        return dispatch.stop().isPresent()
                && now.isAfter(dispatch.dueAt().orElseThrow().plus(graces.confirm()));
    }

    /** Whether a run in this phase can be past this limit. */
    boolean canBe(Dispatch.Phase phase, boolean stops) {
        return switch (this) {
            case NOTHING -> true;
            case QUEUE_AGE, RETRIES -> phase == Dispatch.Phase.WAITING && !stops;
            case SILENCE, RUN_TIME -> phase == Dispatch.Phase.LAUNCHED && !stops;
            case STOP_TIME -> phase.isOwed() && stops;
        };
    }
}
