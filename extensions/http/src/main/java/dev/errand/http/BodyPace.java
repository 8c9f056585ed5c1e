package dev.errand.http;

import java.time.Duration;

/**
 * How fast a body must arrive (docs/wire/idempotency-and-limits.md#j21). Immutable.
 *
 * @param deadline the time after which it must be complete
 * @param minRate the average rate in bytes per second that it must have after {@link #GRACE}
 */
record BodyPace(Duration deadline, int minRate) implements Pace {

    /** The time for which the rate does not matter. */
    static final Duration GRACE = Duration.ofSeconds(10);

    /** The pace of a body that is read only so that its client receives the response. */
    static final BodyPace OF_REJECTED = new BodyPace(GRACE, 1);

    private static final double NANOS_PER_SECOND = 1e9;

    @Override
    public boolean isTooSlow(Duration elapsed, long receivedBytes) {
        if (elapsed.compareTo(deadline) >= 0) {
            return true;
        }
        return elapsed.compareTo(GRACE) >= 0
                && receivedBytes < minRate * (elapsed.toNanos() / NANOS_PER_SECOND);
    }
}
