package dev.errand.spi.task;

import dev.errand.spi.internal.UuidText;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** A task's id, chosen by the engine and opaque to clients (docs/wire/conventions.md#a1). */
public record TaskId(UUID value) implements Comparable<TaskId> {

    /** Rejects null components. */
    public TaskId {
        Objects.requireNonNull(value, "value");
    }

    /** Returns the id with the given value. */
    public static TaskId of(UUID value) {
        return new TaskId(value);
    }

    /** Parses the hyphenated form. Returns empty if the text does not have that form. */
    public static Optional<TaskId> parse(String text) {
        return UuidText.parse(text).map(TaskId::new);
    }

    /** Compares the unsigned bits, which is also the order of the text form and of PostgreSQL. */
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
