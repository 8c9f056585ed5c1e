package dev.errand.spi.dispatch;

import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.Optional;

/**
 * How much a queue is behind.
 *
 * @param waiting how many runs are due and to be {@linkplain DispatchState#isWaitingToStart begun},
 *     whether for want of a dispatcher or of a {@linkplain ConcurrencyLimits place}
 * @param waitingSince when the one of them was due that has been due longest; present exactly where
 *     some wait
 * @param unattended how many runs are due that were begun or are to be stopped, and that nobody has
 *     under a live lease: a dispatcher takes them over with its next claim
 */
public record QueueDepth(long waiting, Optional<Instant> waitingSince, long unattended) {

    /** Of a queue in which nothing is due. */
    public static final QueueDepth NONE = new QueueDepth(0, Optional.empty(), 0);

    /**
     * Checks that the parts fit together, and cuts the time to the stored precision.
     *
     * @throws IllegalArgumentException if a number is negative, or {@code waitingSince} is there
     *     though nothing waits, or the other way round
     */
    public QueueDepth {
        if (waiting < 0 || unattended < 0 || waiting > 0 != waitingSince.isPresent()) {
            throw new IllegalArgumentException(
                    "waiting %d does not fit waitingSince %s, or unattended is %d"
                            .formatted(waiting, waitingSince, unattended));
        }
        waitingSince = Timestamps.truncate(waitingSince);
    }
}
