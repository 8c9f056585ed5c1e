package dev.errand.dispatch;

import dev.errand.spi.run.QueueEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a failed launch is retried (docs/wire/runs.md#g6): with exponential backoff, until the
 * window has passed or the number of attempts is reached.
 *
 * @param window time since queueing during which failed launches are retried; default 15 minutes. A
 *     run that waited longer than that in the queue still gets {@value #MIN_ATTEMPTS} attempts
 * @param initialDelay delay after the first failure, doubled after each further one; default 1
 *     second
 * @param maxDelay maximum delay; default 1 minute
 * @param maxAttempts maximum number of attempts, at least 1; default {@link #UNBOUNDED}
 */
public record LaunchRetryPolicy(
        Duration window, Duration initialDelay, Duration maxDelay, int maxAttempts) {

    /** Value of {@code maxAttempts} for no limit but the window. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /**
     * Attempts that a run gets even after the window, unless {@code maxAttempts} is lower or a
     * failure is permanent. Includes the first.
     */
    public static final int MIN_ATTEMPTS = 3;

    /** A window of 15 minutes, delays from 1 second to 1 minute, unbounded attempts. */
    public static final LaunchRetryPolicy DEFAULT =
            new LaunchRetryPolicy(
                    Duration.ofMinutes(15),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(1),
                    UNBOUNDED);

    private static final int MAX_DOUBLINGS = 20;

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if a duration is not positive, or {@code maxAttempts} is
     *     below 1
     */
    public LaunchRetryPolicy {
        Positive.require("window", window);
        Positive.require("initialDelay", initialDelay);
        Positive.require("maxDelay", maxDelay);
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be 1 or more, not " + maxAttempts);
        }
    }

    /** Returns a copy with the given maximum number of attempts. */
    public LaunchRetryPolicy withMaxAttempts(int value) {
        return new LaunchRetryPolicy(window, initialDelay, maxDelay, value);
    }

    /** Returns whether the retries of a run are exhausted, so that it is not launched again. */
    public boolean isExhausted(QueueEntry entry, Instant now) {
        boolean isWindowOver = now.isAfter(entry.queuedAt().plus(window));
        return entry.failures() >= maxAttempts || isWindowOver && entry.failures() >= MIN_ATTEMPTS;
    }

    /**
     * Returns the delay after another failure: a random duration between 50 % and 100 % of {@code
     * min(maxDelay, initialDelay * 2^earlierFailures)}. It is random so that runs that failed at
     * the same time are not launched at the same time.
     *
     * @param earlierFailures number of failures before this one, from 0
     */
    public Duration delayAfter(int earlierFailures, RandomGenerator random) {
        Duration doubled =
                initialDelay.multipliedBy(1L << Math.min(earlierFailures, MAX_DOUBLINGS));
        Duration bounded = doubled.compareTo(maxDelay) > 0 ? maxDelay : doubled;
        return Duration.ofNanos((long) (bounded.toNanos() * (0.5 + random.nextDouble() / 2)));
    }
}
