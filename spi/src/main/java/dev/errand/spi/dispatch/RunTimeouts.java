package dev.errand.spi.dispatch;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * How long one run may take in each part of its execution, where it is not what the engine says of
 * all runs. Empty means: as the engine says.
 *
 * @param queued how old it may grow in the queue before its first launch is tried
 * @param launch how long one launch may take
 * @param inactivity how long its sandbox may be silent: no log, no report
 * @param total how long its sandbox may run
 */
public record RunTimeouts(
        Optional<Duration> queued,
        Optional<Duration> launch,
        Optional<Duration> inactivity,
        Optional<Duration> total) {

    /** The shortest: durations are kept in whole milliseconds. */
    public static final Duration SHORTEST = Duration.ofMillis(1);

    /** The longest. */
    public static final Duration LONGEST = Duration.ofDays(365);

    /** As the engine says, in every part. */
    public static final RunTimeouts NONE =
            new RunTimeouts(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

    /**
     * Cuts each to whole milliseconds.
     *
     * @throws IllegalArgumentException if one is then shorter than {@link #SHORTEST} or longer than
     *     {@link #LONGEST}
     */
    public RunTimeouts {
        queued = stored("queued", queued);
        launch = stored("launch", launch);
        inactivity = stored("inactivity", inactivity);
        total = stored("total", total);
    }

    private static Optional<Duration> stored(String name, Optional<Duration> given) {
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

    /** These, with this much time in the queue. */
    public RunTimeouts withQueued(Duration changed) {
        return new RunTimeouts(Optional.of(changed), launch, inactivity, total);
    }

    /** These, with this much time for a launch. */
    public RunTimeouts withLaunch(Duration changed) {
        return new RunTimeouts(queued, Optional.of(changed), inactivity, total);
    }

    /** These, with this much silence. */
    public RunTimeouts withInactivity(Duration changed) {
        return new RunTimeouts(queued, launch, Optional.of(changed), total);
    }

    /** These, with this much time to run. */
    public RunTimeouts withTotal(Duration changed) {
        return new RunTimeouts(queued, launch, inactivity, Optional.of(changed));
    }
}
