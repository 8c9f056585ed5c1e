package dev.errand.memory;

import dev.errand.spi.JsonText;
import dev.errand.spi.Timestamps;
import dev.errand.spi.run.LogEntry;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.StoredLogEntry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The log of one run. An entry's position is its index and one, since nothing is ever removed. */
final class Journal {

    private final List<JsonText> entries = new ArrayList<>();

    /** The positions of the event ids among the last entries, oldest first. */
    private final Map<String, Integer> recentEvents = new LinkedHashMap<>();

    private Instant lastAppendedAt;

    /** Appends what the run does not have yet. */
    synchronized RunLog.Appended append(List<LogEntry> appended, Instant now) {
        int before = entries.size();
        for (LogEntry entry : appended) {
            forgetEventsOutOfReach();
            if (entry.eventId().isEmpty() || isNew(entry.eventId().get())) {
                entries.add(entry.json());
            }
        }
        if (entries.size() > before) {
            lastAppendedAt = Timestamps.truncate(now);
        }
        return new RunLog.Appended(entries.size() - before, entries.size());
    }

    /** When the last entry was appended. */
    synchronized Optional<Instant> lastAppendedAt() {
        return Optional.ofNullable(lastAppendedAt);
    }

    private boolean isNew(String eventId) {
        return recentEvents.putIfAbsent(eventId, entries.size() + 1) == null;
    }

    private void forgetEventsOutOfReach() {
        int lastForgotten = entries.size() - RunLog.REMEMBERED_EVENT_IDS;
        Iterator<Integer> oldestFirst = recentEvents.values().iterator();
        while (oldestFirst.hasNext() && oldestFirst.next() <= lastForgotten) {
            oldestFirst.remove();
        }
    }

    /** The entries behind a position. */
    synchronized List<StoredLogEntry> read(long after, int max) {
        List<StoredLogEntry> lines = new ArrayList<>();
        for (long i = after; i < entries.size() && lines.size() < max; i++) {
            lines.add(new StoredLogEntry(i + 1, entries.get((int) i)));
        }
        return List.copyOf(lines);
    }
}
