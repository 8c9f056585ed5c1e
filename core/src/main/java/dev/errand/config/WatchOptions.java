package dev.errand.config;

import java.time.Duration;
import java.util.Objects;

/**
 * Options of {@link dev.errand.run.Runs#watch}. Immutable.
 *
 * @param pollInterval how often watched runs are read to find what other nodes stored. Ten times as
 *     long if the backend {@linkplain dev.errand.spi.store.Backend#changeSignals notifies} this
 *     node, or is not shared with other processes
 * @param endGrace how long a watch continues after the run has ended, for the log entries that its
 *     agent appends after it reported the end
 */
public record WatchOptions(Duration pollInterval, Duration endGrace) {

    /** The defaults: one second, and five seconds. */
    public static final WatchOptions DEFAULT =
            new WatchOptions(Duration.ofSeconds(1), Duration.ofSeconds(5));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if {@code pollInterval} is not positive, or {@code endGrace}
     *     is negative
     */
    public WatchOptions {
        Objects.requireNonNull(pollInterval, "pollInterval");
        Objects.requireNonNull(endGrace, "endGrace");
        if (pollInterval.isNegative() || pollInterval.isZero()) {
            throw new IllegalArgumentException("pollInterval must be positive: " + pollInterval);
        }
        if (endGrace.isNegative()) {
            throw new IllegalArgumentException("endGrace must not be negative: " + endGrace);
        }
    }

    /** Returns a copy with the given interval. */
    public WatchOptions withPollInterval(Duration changed) {
        return new WatchOptions(changed, endGrace);
    }

    /** Returns a copy with the given time after the end of a run. */
    public WatchOptions withEndGrace(Duration changed) {
        return new WatchOptions(pollInterval, changed);
    }
}
