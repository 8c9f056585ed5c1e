package dev.errand.http;

import java.time.Duration;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Limits the log lines that requests cause, so that clients cannot fill the log: of each kind, at
 * most ten lines in a minute. The first line of a later minute says how many were left out.
 * Thread-safe.
 */
final class LimitedLog {

    private static final int LINES = 10;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();

    private final ConcurrentMap<String, Window> windows = new ConcurrentHashMap<>();
    private final LongSupplier nanoTime;

    LimitedLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
    }

    /**
     * Writes a line, unless there were too many of its kind.
     *
     * @param kind one of few values, independent of what clients send
     * @param line writes the line, to which it appends the given text
     */
    void write(String kind, Consumer<String> line) {
        Window window = windows.computeIfAbsent(kind, any -> new Window(nanoTime.getAsLong()));
        long left = window.next(nanoTime.getAsLong());
        if (left >= 0) {
            line.accept(left == 0 ? "" : " (" + left + " lines like this were left out)");
        }
    }

    private static final class Window {
        private long start;
        private int lines;
        private long leftOut;

        Window(long start) {
            this.start = start;
        }

        /** Returns -1 to leave the line out, else how many were left out before it. */
        synchronized long next(long now) {
            if (now - start >= MINUTE) {
                start = now;
                lines = 0;
            }
            if (lines == LINES) {
                leftOut++;
                return -1;
            }
            lines++;
            long before = leftOut;
            leftOut = 0;
            return before;
        }
    }
}
