package dev.errand.testing.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that other threads fulfil. */
public final class Eventually {

    private static final long AT_MOST_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private Eventually() {}

    /** Waits until a condition holds; fails after 20 seconds. */
    public static void until(String what, BooleanSupplier holds) {
        long end = System.nanoTime() + AT_MOST_NANOS;
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("timed out waiting until " + what);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }
}
