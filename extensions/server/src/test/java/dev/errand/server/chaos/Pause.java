package dev.errand.server.chaos;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits between the steps of a scenario. */
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
