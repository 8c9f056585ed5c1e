package dev.errand.dispatch;

import java.time.Duration;

/** Rejects durations that are zero or negative. */
final class Positive {

    private Positive() {}

    static void require(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
