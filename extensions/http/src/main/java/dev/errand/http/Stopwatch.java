package dev.errand.http;

import java.util.concurrent.TimeUnit;

/**
 * Measures what the {@code Server-Timing} header tells; the clock of the engine has no part in it.
 */
record Stopwatch(long startedAtNanos) {

    /** The header. */
    static final String HEADER = "Server-Timing";

    private static final long NANOS_A_MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final double MICROS_A_MILLI = 1_000;

    static Stopwatch started() {
        return new Stopwatch(System.nanoTime());
    }

    /** One entry of the header: what took the time since the start, in milliseconds. */
    String timing(String name) {
        long micros = (System.nanoTime() - startedAtNanos) / NANOS_A_MICRO;
        return name + ";dur=" + micros / MICROS_A_MILLI;
    }
}
