package dev.errand.memory;

import dev.errand.spi.Timestamps;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.LogSize;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.StoredLogEntry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The log of one run. Positions start at 1, so an entry's position is its index plus one. */
final class LogBuffer {

    Optional<Instant> lastAppendedAt = Optional.empty();

    private final List<LogEntry> entries = new ArrayList<>();

    /** The position of each remembered event id, oldest first. */
    private final Map<String, Integer> eventIds = new LinkedHashMap<>();

    RunLog.Appended append(List<LogEntry> appended, Instant now) {
        int before = entries.size();
        for (LogEntry entry : appended) {
            forgetOldEventIds();
            if (entry.eventId().isEmpty() || isNew(entry.eventId().get())) {
                entries.add(entry);
            }
        }
        if (entries.size() > before) {
            lastAppendedAt = Optional.of(Timestamps.truncate(now));
        }
        return new RunLog.Appended(entries.size() - before, entries.size());
    }

    private boolean isNew(String eventId) {
        return eventIds.putIfAbsent(eventId, entries.size() + 1) == null;
    }

    private void forgetOldEventIds() {
        int lastForgotten = entries.size() - RunLog.EVENT_ID_WINDOW;
        Iterator<Integer> positions = eventIds.values().iterator();
        while (positions.hasNext() && positions.next() <= lastForgotten) {
            positions.remove();
        }
    }

    LogSize size() {
        long bytes =
                entries.stream()
                        .mapToLong(it -> it.json().text().getBytes(StandardCharsets.UTF_8).length)
                        .sum();
        return new LogSize(entries.size(), bytes);
    }

    List<StoredLogEntry> read(LogFilter filter, long after, int max) {
        List<StoredLogEntry> read = new ArrayList<>();
        for (long i = after; i < entries.size() && read.size() < max; i++) {
            LogEntry entry = entries.get((int) i);
            if (filter.selects(entry.type(), entry.time())) {
                read.add(new StoredLogEntry(i + 1, entry.json()));
            }
        }
        return List.copyOf(read);
    }

    LogPage findPage(LogFilter filter, long offset) {
        if (filter.selectsAll()) {
            return new LogPage(entries.size(), entries.size(), Math.min(offset, entries.size()));
        }
        long matching = 0;
        long after = entries.size();
        for (int i = 0; i < entries.size(); i++) {
            if (filter.selects(entries.get(i).type(), entries.get(i).time())) {
                if (matching == offset) {
                    after = i;
                }
                matching++;
            }
        }
        return new LogPage(entries.size(), matching, after);
    }
}
