package dev.errand.jdbc.crash;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * How often and when to kill.
 *
 * @param number how often
 * @param longest the longest that the load works before it or its database is killed
 * @param random chooses the moments
 */
record KillSchedule(int number, Duration longest, Random random) {

    static KillSchedule of(int number, Duration longest) {
        return new KillSchedule(number, longest, new Random());
    }

    /** Waits until the next moment. */
    void awaitNext() {
        LockSupport.parkNanos((long) (random.nextDouble() * longest.toNanos()));
    }
}
