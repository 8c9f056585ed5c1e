package dev.errand.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * Truncates instants to the stored precision of six fraction digits, so that all backends agree
 * (docs/wire/conventions.md#conventions).
 */
public final class Timestamps {

    private Timestamps() {}

    /** Truncates an instant to microseconds. */
    public static Instant truncate(Instant instant) {
        int nano = instant.getNano();
        int subMicros = nano % 1_000;
        // Faster than Instant.truncatedTo; every write truncates several instants.
        return subMicros == 0
                ? instant
                : Instant.ofEpochSecond(instant.getEpochSecond(), nano - subMicros);
    }

    /** Truncates an optional instant to microseconds. */
    public static Optional<Instant> truncate(Optional<Instant> instant) {
        if (instant.isEmpty()) {
            return instant;
        }
        Instant given = instant.get();
        Instant cut = truncate(given);
        return cut == given ? instant : Optional.of(cut);
    }

    /**
     * Returns the time of a change that follows one made at {@code previous}: {@code now}, or one
     * microsecond after {@code previous} if the clock has not advanced since (docs/wire/runs.md#a3,
     * {@code updated_at}).
     */
    public static Instant nextAfter(Instant previous, Instant now) {
        Instant cut = truncate(now);
        return cut.isAfter(previous) ? cut : previous.plus(1, ChronoUnit.MICROS);
    }
}
