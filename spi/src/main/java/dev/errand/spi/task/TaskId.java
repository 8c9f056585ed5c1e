package dev.errand.spi.task;

import dev.errand.spi.internal.UuidText;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A task's id, chosen by the engine and opaque to clients (contract A1). */
public record TaskId(UUID value) implements Comparable<TaskId> {

    /** Refuses null. */
    public TaskId {
        Objects.requireNonNull(value, "value");
    }

    /** The id with this value. */
    public static TaskId of(UUID value) {
        return new TaskId(value);
    }

    /**
     * Reads the hyphenated form; empty if the text is not one, for a path with it names nothing.
     */
    public static Optional<TaskId> parse(String text) {
        return UuidText.parse(text).map(TaskId::new);
    }

    /**
     * Orders by the unsigned bits, which is the order of the text form and of a database's uuid.
     */
    @Override
    public int compareTo(TaskId other) {
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
