package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.spi.run.QueueEntry;
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
    /** The time for a person to answer a permission request of the agent. */
    UNANSWERED_PERMISSION,
    /** The total time of the sandbox. */
    TOTAL_TIME,
    /** The time to confirm that the sandbox stopped. */
    STOP_CONFIRMATION;

    /**
     * Returns the limit that a run with a queue entry exceeds.
     *
     * @param lastActivity time of the last activity of its sandbox
     */
    static ExceededLimit of(
            Run run, QueueEntry entry, DispatchOptions options, Instant lastActivity, Instant now) {
        if (entry.stopReason().isPresent() || run.status().isTerminal()) {
            return isStopUnconfirmed(entry, options.gracePeriods(), now)
                    ? STOP_CONFIRMATION
                    : NO_LIMIT;
        }
        DispatchTimeouts timeouts = options.timeouts().overriddenBy(entry.timeouts());
        if (entry.phase() == QueueEntry.Phase.WAITING) {
            if (entry.failures() == 0) {
                return now.isAfter(entry.queuedAt().plus(timeouts.queued()))
                        ? QUEUE_TIME
                        : NO_LIMIT;
            }
            return options.launchRetry().isExhausted(entry, now) ? LAUNCH_RETRIES : NO_LIMIT;
        }
        if (now.isAfter(entry.launchedAt().orElseThrow().plus(timeouts.total()))) {
            return TOTAL_TIME;
        }
        return now.isAfter(lastActivity.plus(timeouts.inactivity())) ? INACTIVITY : NO_LIMIT;
    }

    private static boolean isStopUnconfirmed(
            QueueEntry entry, GracePeriods gracePeriods, Instant now) {
        return entry.stopReason().isPresent()
                && now.isAfter(entry.stopRequestedAt().orElseThrow().plus(gracePeriods.confirm()));
    }

    /** Returns whether a run in this phase can exceed this limit. */
    boolean isPossible(QueueEntry.Phase phase, boolean isStopping) {
        return switch (this) {
            case NO_LIMIT -> true;
            case QUEUE_TIME, LAUNCH_RETRIES -> phase == QueueEntry.Phase.WAITING && !isStopping;
            case INACTIVITY, UNANSWERED_PERMISSION, TOTAL_TIME ->
                    phase == QueueEntry.Phase.LAUNCHED && !isStopping;
            case STOP_CONFIRMATION -> isStopping;
        };
    }
}
