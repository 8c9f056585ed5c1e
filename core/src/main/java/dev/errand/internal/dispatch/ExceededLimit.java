package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.Run;
import java.time.Instant;

/** The limit that a run exceeds, if any. */
enum ExceededLimit {
    /** No limit is exceeded. */
    NO_LIMIT,
    /** The time in the queue before the first launch. */
    QUEUE_TIME,
    /** The window or the number of attempts of the launch retry policy. */
    LAUNCH_RETRIES,
    /** The time without activity of the sandbox. */
    INACTIVITY,
    /** The total time of the sandbox. */
    TOTAL_TIME,
    /** The time to confirm that the sandbox stopped. */
    STOP_CONFIRMATION;

    /**
     * Returns the limit that a run exceeds.
     *
     * @param lastActivity time of the last activity of its sandbox
     */
    static ExceededLimit of(Run run, DispatchOptions options, Instant lastActivity, Instant now) {
        DispatchState dispatch = run.dispatch();
        if (!dispatch.phase().isActive()) {
            return NO_LIMIT;
        }
        if (dispatch.stop().isPresent() || run.status().isTerminal()) {
            return isStopUnconfirmed(dispatch, options.gracePeriods(), now)
                    ? STOP_CONFIRMATION
                    : NO_LIMIT;
        }
        DispatchTimeouts timeouts = options.timeouts().forRun(run);
        if (dispatch.phase() == DispatchState.Phase.WAITING) {
            Instant queuedAt = dispatch.queuedAt().orElse(run.createdAt());
            if (dispatch.failures() == 0) {
                return now.isAfter(queuedAt.plus(timeouts.queued())) ? QUEUE_TIME : NO_LIMIT;
            }
            return options.launchRetry().isExhausted(dispatch, queuedAt, now)
                    ? LAUNCH_RETRIES
                    : NO_LIMIT;
        }
        if (now.isAfter(dispatch.launchedAt().orElseThrow().plus(timeouts.total()))) {
            return TOTAL_TIME;
        }
        return now.isAfter(lastActivity.plus(timeouts.inactivity())) ? INACTIVITY : NO_LIMIT;
    }

    private static boolean isStopUnconfirmed(
            DispatchState dispatch, GracePeriods gracePeriods, Instant now) {
        return dispatch.stop().isPresent()
                && now.isAfter(
                        dispatch.stopRequestedAt().orElseThrow().plus(gracePeriods.confirm()));
    }

    /** Returns whether a run in an active phase can exceed this limit. */
    boolean isPossible(DispatchState.Phase phase, boolean isStopping) {
        return switch (this) {
            case NO_LIMIT -> true;
            case QUEUE_TIME, LAUNCH_RETRIES -> phase == DispatchState.Phase.WAITING && !isStopping;
            case INACTIVITY, TOTAL_TIME -> phase == DispatchState.Phase.LAUNCHED && !isStopping;
            case STOP_CONFIRMATION -> isStopping;
        };
    }
}
