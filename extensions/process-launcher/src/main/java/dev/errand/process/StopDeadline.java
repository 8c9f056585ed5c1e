package dev.errand.process;

import java.time.Duration;

/**
 * When a sandbox was asked to stop and when it is killed.
 *
 * @param requestedAt the {@link System#nanoTime()} of the request
 * @param killAt the {@link System#nanoTime()} from which on its processes are killed; independent
 *     of the wall clock
 */
record StopDeadline(long requestedAt, long killAt) {

    private static final Duration MAX_GRACE = Duration.ofDays(1);

    static StopDeadline of(Duration grace) {
        Duration atMost = grace.compareTo(MAX_GRACE) < 0 ? grace : MAX_GRACE;
        long now = System.nanoTime();
        return new StopDeadline(now, now + Math.max(0, atMost.toNanos()));
    }

    /** Returns this request with the earlier of the two kill times. */
    StopDeadline earliest(StopDeadline other) {
        return other.killAt - killAt < 0 ? new StopDeadline(requestedAt, other.killAt) : this;
    }

    boolean isKillDue() {
        return System.nanoTime() - killAt >= 0;
    }

    Duration untilKill() {
        return Duration.ofNanos(Math.max(0, killAt - System.nanoTime()));
    }
}
