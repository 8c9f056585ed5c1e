package dev.errand.server.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The pace of what happens. */
final class Pause {

    private Pause() {}

    static void of(Duration duration) {
        long end = System.nanoTime() + duration.toNanos();
        for (long left = duration.toNanos();
                left > 0 && !Thread.currentThread().isInterrupted();
                left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
