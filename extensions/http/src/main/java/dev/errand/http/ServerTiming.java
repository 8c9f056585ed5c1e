package dev.errand.http;

import java.util.concurrent.TimeUnit;

/** Measures durations for the {@code Server-Timing} header. */
record ServerTiming(long startedAtNanos) {

    /** The name of the header. */
    static final String HEADER = "Server-Timing";

    private static final long NANOS_PER_MICRO = TimeUnit.MICROSECONDS.toNanos(1);
    private static final double MICROS_PER_MILLI = 1_000;

    static ServerTiming start() {
        return new ServerTiming(System.nanoTime());
    }

    /** Returns an entry of the header: the time since the start, in milliseconds. */
    String entry(String name) {
        long micros = (System.nanoTime() - startedAtNanos) / NANOS_PER_MICRO;
        return name + ";dur=" + micros / MICROS_PER_MILLI;
    }
}
