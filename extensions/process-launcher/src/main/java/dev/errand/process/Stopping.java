package dev.errand.process;

import java.time.Duration;

/**
 * That processes are being ended, and from when on by force.
 *
 * @param askedAt the {@link System#nanoTime()} of the request
 * @param forceAt the {@link System#nanoTime()} from which on; grace is real time, whatever the
 *     clock says
 */
record Stopping(long askedAt, long forceAt) {

    private static final Duration LONGEST_GRACE = Duration.ofDays(1);

    static Stopping of(Duration grace) {
        Duration atMost = grace.compareTo(LONGEST_GRACE) < 0 ? grace : LONGEST_GRACE;
        long now = System.nanoTime();
        return new Stopping(now, now + Math.max(0, atMost.toNanos()));
    }

    /** The shorter grace of the two. */
    Stopping and(Stopping later) {
        return later.forceAt - forceAt < 0 ? new Stopping(askedAt, later.forceAt) : this;
    }

    boolean isForceDue() {
        return System.nanoTime() - forceAt >= 0;
    }

    Duration untilForce() {
        return Duration.ofNanos(Math.max(0, forceAt - System.nanoTime()));
    }
}
