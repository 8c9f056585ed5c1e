package dev.errand.dispatch;

import dev.errand.spi.dispatch.DispatchState;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * How often a launch is tried (contract G6).
 *
 * @param window how long after it was queued a run may still be launched, once a launch has failed;
 *     a run that waited longer than that for room gets {@value #FEWEST} tries all the same
 * @param firstAfter the pause after the first failure; it doubles with each further one
 * @param longestAfter the longest pause
 * @param maxAttempts after how many failures nobody tries again, however much of the window is
 *     left; {@link #UNBOUNDED} unless set, so that the window alone decides
 */
public record LaunchRetryPolicy(
        Duration window, Duration firstAfter, Duration longestAfter, int maxAttempts) {

    /** No bound but the window. */
    public static final int UNBOUNDED = Integer.MAX_VALUE;

    /** The fewest tries that a run gets, unless {@code maxAttempts} is lower. */
    public static final int FEWEST = 3;

    /** A window of 15 minutes, pauses of 1 s to 1 minute, and no other bound. */
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
     * @throws IllegalArgumentException if a duration is not positive, or {@code maxAttempts} below
     *     1
     */
    public LaunchRetryPolicy {
        Positive.require("window", window);
        Positive.require("firstAfter", firstAfter);
        Positive.require("longestAfter", longestAfter);
        if (maxAttempts < 1) {
            throw new IllegalArgumentException("maxAttempts must be 1 or more, not " + maxAttempts);
        }
    }

    /** These with another bound on attempts. */
    public LaunchRetryPolicy withMaxAttempts(int changed) {
        return new LaunchRetryPolicy(window, firstAfter, longestAfter, changed);
    }

    /** Whether nobody is to try again after the failures that there were. */
    public boolean areExhausted(DispatchState dispatch, Instant queuedAt, Instant now) {
        boolean windowIsOver = now.isAfter(queuedAt.plus(window));
        return dispatch.failures() >= maxAttempts || windowIsOver && dispatch.failures() >= FEWEST;
    }

    /**
     * The pause after one more failure: between half and whole of the doubled one, so that many
     * runs that failed together do not come back together.
     */
    public Duration pauseAfter(int earlierFailures, RandomGenerator random) {
        Duration doubled = firstAfter.multipliedBy(1L << Math.min(earlierFailures, MAX_DOUBLINGS));
        Duration bounded = doubled.compareTo(longestAfter) > 0 ? longestAfter : doubled;
        return Duration.ofNanos((long) (bounded.toNanos() * (0.5 + random.nextDouble() / 2)));
    }
}
