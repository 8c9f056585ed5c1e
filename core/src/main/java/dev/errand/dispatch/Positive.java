package dev.errand.dispatch;

import java.time.Duration;

/** Refuses durations that are none. */
final class Positive {

    private Positive() {}

    static void require(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
