package dev.errand.run;

import dev.errand.spi.run.Run;
import dev.errand.spi.store.StoredLogEntry;
import java.util.List;
import java.util.Objects;

/** What a subscriber of {@link Runs#watch} receives (docs/wire/stream.md#i13). */
public sealed interface RunUpdate {

    /**
     * Entries of the log, in order.
     *
     * @param entries consecutive entries, at least one. A batch ends after 256 Ki characters, so
     *     only a batch of one entry can be larger
     */
    record LogAppended(List<StoredLogEntry> entries) implements RunUpdate {

        /** Copies the list. */
        public LogAppended {
            entries = List.copyOf(entries);
        }
    }

    /**
     * The run after a change. A subscriber that is slower than the changes receives the latest one.
     */
    record StateChanged(Run run) implements RunUpdate {

        /** Rejects null components. */
        public StateChanged {
            Objects.requireNonNull(run, "run");
        }
    }
}
