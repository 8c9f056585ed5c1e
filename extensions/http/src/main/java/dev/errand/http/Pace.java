package dev.errand.http;

import java.time.Duration;

/** Decides whether a body arrives fast enough. Thread-safe. */
@FunctionalInterface
interface Pace {

    /** Whether a body that is not yet complete is too slow. */
    boolean isTooSlow(Duration elapsed, long receivedBytes);
}
