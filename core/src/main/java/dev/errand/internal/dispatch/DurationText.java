package dev.errand.internal.dispatch;

import java.time.Duration;

/** Formats durations for messages. */
final class DurationText {

    private DurationText() {}

    /**
     * Returns text such as {@code 15 minutes}, in the largest unit up to hours that fits exactly.
     */
    static String of(Duration duration) {
        if (duration.toMillis() % 1_000 != 0) {
            return count(duration.toMillis(), "millisecond");
        }
        if (duration.toSeconds() % 60 != 0) {
            return count(duration.toSeconds(), "second");
        }
        return duration.toMinutes() % 60 == 0
                ? count(duration.toHours(), "hour")
                : count(duration.toMinutes(), "minute");
    }

    private static String count(long count, String unit) {
        return count + " " + unit + (count == 1 ? "" : "s");
    }
}
