package dev.errand.spi.run;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Time limits of one run that override those of the dispatcher. For worker pools, {@code total}
 * overrides the time limit, and the other limits do not apply. An empty limit overrides nothing.
 *
 * @param queued maximum time in the queue before the first launch
 * @param launch maximum duration of one launch
 * @param inactivity maximum time without a log entry or an update of the run
 * @param total maximum run time of the sandbox
 */
public record RunTimeouts(
        Optional<Duration> queued,
        Optional<Duration> launch,
        Optional<Duration> inactivity,
        Optional<Duration> total) {

    /** The shortest limit. Limits are stored in milliseconds. */
    public static final Duration SHORTEST = Duration.ofMillis(1);

    /** The longest limit. */
    public static final Duration LONGEST = Duration.ofDays(365);

    /** Overrides nothing. */
    public static final RunTimeouts NONE =
            new RunTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Truncates the limits to milliseconds.
     *
     * @throws IllegalArgumentException if a limit is then shorter than {@link #SHORTEST} or longer
     *     than {@link #LONGEST}
     */
    public RunTimeouts {
        queued = truncate("queued", queued);
        launch = truncate("launch", launch);
        inactivity = truncate("inactivity", inactivity);
        total = truncate("total", total);
    }

    private static Optional<Duration> truncate(String name, Optional<Duration> given) {
        if (given.isEmpty()) {
            return given;
        }
        Duration cut = given.get().truncatedTo(ChronoUnit.MILLIS);
        if (cut.compareTo(SHORTEST) < 0 || cut.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "%s must be %s to %s, not %s".formatted(name, SHORTEST, LONGEST, given.get()));
        }
        return Optional.of(cut);
    }

    /** Returns a copy with the given maximum time in the queue. */
    public RunTimeouts withQueued(Duration changed) {
        return new RunTimeouts(Optional.of(changed), launch, inactivity, total);
    }

    /** Returns a copy with the given maximum launch duration. */
    public RunTimeouts withLaunch(Duration changed) {
        return new RunTimeouts(queued, Optional.of(changed), inactivity, total);
    }

    /** Returns a copy with the given maximum inactivity. */
    public RunTimeouts withInactivity(Duration changed) {
        return new RunTimeouts(queued, launch, Optional.of(changed), total);
    }

    /** Returns a copy with the given maximum run time. */
    public RunTimeouts withTotal(Duration changed) {
        return new RunTimeouts(queued, launch, inactivity, Optional.of(changed));
    }
}
