package dev.errand.spi.run;

import dev.errand.spi.JsonText;
import java.util.Objects;

/**
 * A stored log entry.
 *
 * @param position its place in the run's log, from 1, increasing, never changing
 * @param json the entry
 */
public record StoredLogEntry(long position, JsonText json) {

    /** Refuses null. */
    public StoredLogEntry {
        Objects.requireNonNull(json, "json");
    }
}
