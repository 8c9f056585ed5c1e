package dev.errand.spi.store;

import dev.errand.spi.JsonText;
import java.util.Objects;

/**
 * A stored log entry.
 *
 * @param position its position in the run's log, from 1, increasing and stable
 * @param json the entry
 */
public record StoredLogEntry(long position, JsonText json) {

    /** Rejects null components. */
    public StoredLogEntry {
        Objects.requireNonNull(json, "json");
    }
}
