package dev.errand.spi.run;

import dev.errand.spi.internal.UuidText;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A run's id, chosen by the engine and opaque to clients (contract A1). */
public record RunId(UUID value) implements Comparable<RunId> {

    /** Refuses null. */
    public RunId {
        Objects.requireNonNull(value, "value");
    }

    /** The id with this value. */
    public static RunId of(UUID value) {
        return new RunId(value);
    }

    /**
     * Reads the hyphenated form; empty if the text is not one, for a path with it names nothing.
     */
    public static Optional<RunId> parse(String text) {
        return UuidText.parse(text).map(RunId::new);
    }

    /**
     * Orders by the unsigned bits, which is the order of the text form and of a database's uuid.
     */
    @Override
    public int compareTo(RunId other) {
        int high =
                Long.compareUnsigned(
                        value.getMostSignificantBits(), other.value.getMostSignificantBits());
        return high != 0
                ? high
                : Long.compareUnsigned(
                        value.getLeastSignificantBits(), other.value.getLeastSignificantBits());
    }

    @Override
    public String toString() {
        return value.toString();
    }
}
