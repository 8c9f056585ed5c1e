package dev.errand.memory;

import dev.errand.spi.dispatch.QueueDepth;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** Counts the runs that are due, one by one. Not thread-safe. */
final class DepthCount {

    private long waiting;
    private long since = Long.MAX_VALUE;
    private long unattended;

    /**
     * Counts a run that is to be begun.
     *
     * @param dueAt in {@link Place#micros}
     */
    void addWaiting(long dueAt) {
        waiting++;
        since = Math.min(since, dueAt);
    }

    /** Counts a run that needs no place. */
    void addUnattended() {
        unattended++;
    }

    /** What was counted. */
    QueueDepth depth() {
        return new QueueDepth(
                waiting,
                waiting == 0
                        ? Optional.empty()
                        : Optional.of(Instant.EPOCH.plus(since, ChronoUnit.MICROS)),
                unattended);
    }
}
