package dev.errand.spi.store;

import dev.errand.spi.JsonText;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry to be appended to a run's log: an opaque JSON object on one line (docs/wire/logs.md#i5).
 *
 * @param json the entry
 * @param eventId the entry's {@code event_id}; an entry with a known id is not stored again
 */
public record LogEntry(JsonText json, Optional<String> eventId) {

    /** Rejects null components. */
    public LogEntry {
        Objects.requireNonNull(json, "json");
        Objects.requireNonNull(eventId, "eventId");
    }
}
