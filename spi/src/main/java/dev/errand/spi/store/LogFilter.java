package dev.errand.spi.store;

import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Selects log entries by type and time (docs/wire/logs.md#i8).
 *
 * @param after only entries with a later time; entries without a time are then left out
 * @param types only entries of these types; empty for all types
 * @param excludedTypes no entries of these types
 */
public record LogFilter(Optional<Instant> after, Set<String> types, Set<String> excludedTypes) {

    /** Selects all entries. */
    public static final LogFilter ALL = new LogFilter(Optional.empty(), Set.of(), Set.of());

    /** Rejects null components and copies sets. */
    public LogFilter {
        Objects.requireNonNull(after, "after");
        types = Set.copyOf(types);
        excludedTypes = Set.copyOf(excludedTypes);
    }

    /** Returns whether the filter selects all entries. */
    public boolean selectsAll() {
        return after.isEmpty() && types.isEmpty() && excludedTypes.isEmpty();
    }

    /** Returns whether the filter selects an entry of this type and time. */
    public boolean selects(String type, Optional<Instant> time) {
        boolean typeSelected =
                (types.isEmpty() || types.contains(type)) && !excludedTypes.contains(type);
        return typeSelected && (after.isEmpty() || time.filter(after.get()::isBefore).isPresent());
    }
}
