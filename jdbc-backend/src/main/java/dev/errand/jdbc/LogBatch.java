package dev.errand.jdbc;

import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.RunLog;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * Entries to append, in order.
 *
 * @param lines the entries
 */
record LogBatch(List<Line> lines) {

    /**
     * An entry to append.
     *
     * @param entry the entry
     * @param event the digest of its event id, which may have any length
     * @param number its event id, if it is numbered
     */
    record Line(LogEntry entry, Optional<UUID> event, Optional<EventId> number) {

        static Line of(LogEntry entry) {
            return new Line(
                    entry,
                    entry.eventId().map(Line::digest),
                    entry.eventId().flatMap(EventId::parse));
        }

        private static UUID digest(String eventId) {
            ByteBuffer digest = ByteBuffer.wrap(IdempotencyTable.sha256(eventId));
            return new UUID(digest.getLong(), digest.getLong());
        }
    }

    /** Returns the batch of these entries; of several with one event id, the first is kept. */
    static LogBatch of(List<LogEntry> entries) {
        return new LogBatch(entries.stream().map(Line::of).toList()).without(Map.of(), 0);
    }

    /**
     * Returns the lines to append to a log.
     *
     * @param stored the last position of each stored event; may lack events that precede the window
     * @param end the last position of the log
     */
    LogBatch without(Map<UUID, Long> stored, long end) {
        Map<UUID, Long> positions = new HashMap<>(stored);
        List<Line> kept = new ArrayList<>();
        for (Line line : lines) {
            long position = end + kept.size() + 1;
            Optional<Long> earlier = line.event().map(positions::get);
            if (earlier.filter(it -> it >= position - RunLog.EVENT_ID_WINDOW).isEmpty()) {
                line.event().ifPresent(event -> positions.put(event, position));
                kept.add(line);
            }
        }
        return new LogBatch(List.copyOf(kept));
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    int size() {
        return lines.size();
    }

    /** Returns the digests of the event ids. */
    List<UUID> events() {
        return lines.stream().flatMap(line -> line.event().stream()).toList();
    }

    /** Returns whether each event id is numbered; true if there is none. */
    boolean hasOnlyNumberedEvents() {
        return lines.stream().allMatch(line -> line.event().isEmpty() || line.number().isPresent());
    }

    /** Returns the lines as segments, at least one if the batch is not empty. */
    List<LogSegment> segments() {
        List<LogSegment> segments = new ArrayList<>();
        int from = 0;
        while (from < lines.size()) {
            LogSegment segment = LogSegment.of(lines.subList(from, lines.size()));
            segments.add(segment);
            from += segment.size();
        }
        return segments;
    }
}
