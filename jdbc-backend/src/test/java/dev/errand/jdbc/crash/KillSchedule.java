package dev.errand.jdbc.crash;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * When to kill the workload or its database.
 *
 * @param number the number of kills
 * @param longest the maximum time before a kill
 * @param random chooses the times
 */
record KillSchedule(int number, Duration longest, Random random) {

    static KillSchedule of(int number, Duration longest) {
        return new KillSchedule(number, longest, new Random());
    }

    /** Waits for a random time, at most {@code longest}. */
    void awaitNext() {
        LockSupport.parkNanos((long) (random.nextDouble() * longest.toNanos()));
    }
}
