package dev.errand.internal.dispatch;

import java.time.Duration;

/** Durations in words, for messages that people read. */
public final class Spans {

    private Spans() {}

    /** Such as {@code 15 minutes}: in the largest unit that needs no fraction, up to hours. */
    public static String inWords(Duration span) {
        if (span.toMillis() % 1_000 != 0) {
            return of(span.toMillis(), "millisecond");
        }
        if (span.toSeconds() % 60 != 0) {
            return of(span.toSeconds(), "second");
        }
        return span.toMinutes() % 60 == 0
                ? of(span.toHours(), "hour")
                : of(span.toMinutes(), "minute");
    }

    private static String of(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
