package dev.errand.spi.store;

import dev.errand.spi.JsonText;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry to be appended to a run's log: an opaque JSON object on one line (docs/wire/logs.md#i5),
 * and the values by which it is found.
 *
 * @param json the entry
 * @param eventId the entry's {@code event_id}; an entry with a known id is not stored again
 * @param type the type of the entry (docs/wire/logs.md#i8), empty if it has none
 * @param time the entry's {@code timestamp}, empty if it has no readable one
 */
public record LogEntry(
        JsonText json, Optional<String> eventId, String type, Optional<Instant> time) {

    /** Rejects null components. */
    public LogEntry {
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(eventId, "eventId");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
    }

    /** Creates an entry without a type and without a time. */
    public LogEntry(JsonText json, Optional<String> eventId) {
        this(json, eventId, "", Optional.empty());
    }
}
