package dev.errand.spi;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/**
 * The one place where instants are cut to the stored precision, so that all backends agree
 * (contract 0: six fraction digits).
 */
public final class Timestamps {

    private Timestamps() {}

    /** Cuts an instant to whole microseconds, towards the past. */
    public static Instant truncate(Instant instant) {
        int nano = instant.getNano();
        int below = nano % 1_000;
        // The same as truncating, without its long divisions: every write cuts a few instants.
        return below == 0 ? instant : Instant.ofEpochSecond(instant.getEpochSecond(), nano - below);
    }

    /** Cuts an instant, if there is one. */
    public static Optional<Instant> truncate(Optional<Instant> instant) {
        if (instant.isEmpty()) {
            return instant;
        }
        Instant given = instant.get();
        Instant cut = truncate(given);
        return cut == given ? instant : Optional.of(cut);
    }

    /**
     * The time of a change that follows one made at {@code previous}: {@code now}, or one
     * microsecond after {@code previous} where the clock has not moved on or went back (contract
     * A3, {@code updated_at}).
     */
    public static Instant nextAfter(Instant previous, Instant now) {
        Instant cut = truncate(now);
        return cut.isAfter(previous) ? cut : previous.plus(1, ChronoUnit.MICROS);
    }
}
