package dev.errand.spi.store;

import dev.errand.spi.Timestamps;
import dev.errand.spi.run.QueueEntry;
import java.time.Instant;
import java.util.Optional;

/**
 * The backlog of a queue.
 *
 * @param waiting number of due runs that are {@linkplain QueueEntry#isWaitingToStart waiting to
 *     start}, whether they lack a dispatcher or the {@linkplain ConcurrencyLimits limits} are
 *     reached
 * @param waitingSince the earliest due time of the waiting runs; present exactly if there are any
 * @param unattended number of other due runs without a live lease: launched, to be stopped, or left
 *     by an owner whose lease expired; dispatchers take them over with their next claims
 */
public record QueueDepth(long waiting, Optional<Instant> waitingSince, long unattended) {

    /** An empty queue. */
    public static final QueueDepth EMPTY = new QueueDepth(0, Optional.empty(), 0);

    /**
     * Checks that the components match, and truncates the time to the stored precision.
     *
     * @throws IllegalArgumentException if a number is negative, or {@code waitingSince} is present
     *     although no run waits, or absent although one does
     */
    public QueueDepth {
        if (waiting < 0 || unattended < 0) {
            throw new IllegalArgumentException(
                    "waiting and unattended must be 0 or more, but are %d and %d"
                            .formatted(waiting, unattended));
        }
        if (waiting > 0 != waitingSince.isPresent()) {
            throw new IllegalArgumentException(
                    "waitingSince must be present exactly if waiting is positive, but waiting is "
                            + waiting
                            + " and waitingSince is "
                            + waitingSince);
        }
        waitingSince = Timestamps.truncate(waitingSince);
    }
}
