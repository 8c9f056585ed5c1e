package dev.errand.jdbc;

import dev.errand.jdbc.LogBatch.Line;
import dev.errand.spi.store.LogFilter;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Consecutive entries that are stored as one row. The element of each list with index i belongs to
 * the entry with index i.
 *
 * @param text the entries, one a line
 * @param types the types of the entries
 * @param times the times of the entries, in ISO 8601; null for an entry without a time
 * @param events digests of the event ids; null for an entry without an id
 * @param latest no entry has a later time; empty if no entry has a time
 */
record LogSegment(
        String text,
        List<String> types,
        List<@Nullable String> times,
        List<@Nullable UUID> events,
        Optional<Instant> latest) {

    static final char LINE_END = '\n';

    private static final int MAX_ENTRIES = 500;
    private static final int MAX_CHARACTERS = 256 * 1024;

    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T00:00:00Z");
    private static final int NANOS_PER_MICRO = 1_000;

    /** Returns the segment that begins with the first line. */
    static LogSegment of(List<Line> lines) {
        List<Line> taken = lines.subList(0, endOfSegment(lines));
        List<String> types = new ArrayList<>();
        List<@Nullable String> times = new ArrayList<>();
        List<@Nullable UUID> events = new ArrayList<>();
        for (Line line : taken) {
            types.add(storable(line.entry().type()));
            times.add(line.entry().time().map(Instant::toString).orElse(null));
            events.add(line.event().orElse(null));
        }
        return new LogSegment(
                taken.stream()
                        .map(line -> line.entry().json().text())
                        .collect(Collectors.joining(String.valueOf(LINE_END))),
                types,
                times,
                events,
                taken.stream()
                        .flatMap(line -> line.entry().time().stream())
                        .max(Instant::compareTo)
                        .map(LogSegment::roundedUp));
    }

    /** A line that contains a line break gets a segment of its own. */
    private static int endOfSegment(List<Line> lines) {
        int to = 0;
        int characters = 0;
        while (to < lines.size() && to < MAX_ENTRIES) {
            String line = lines.get(to).entry().json().text();
            boolean alone = line.indexOf(LINE_END) >= 0;
            characters += line.length();
            if (to > 0 && (alone || characters > MAX_CHARACTERS)) {
                break;
            }
            to++;
            if (alone) {
                break;
            }
        }
        return to;
    }

    /** Returns the time, or a later one that a column can hold. */
    private static Instant roundedUp(Instant time) {
        Instant micro = time.plusNanos(NANOS_PER_MICRO - 1L);
        Instant rounded = micro.minusNanos(micro.getNano() % NANOS_PER_MICRO);
        return rounded.isBefore(EARLIEST) ? EARLIEST : rounded.isAfter(LATEST) ? LATEST : rounded;
    }

    /**
     * Returns a time before which segments can be skipped, if the filter has one: the time of the
     * filter, or an earlier one that a column can hold.
     */
    static Optional<Instant> firstRelevantTime(LogFilter filter) {
        return filter.after()
                .filter(time -> time.isAfter(EARLIEST))
                .map(time -> time.isBefore(LATEST) ? time : LATEST.minusNanos(NANOS_PER_MICRO))
                .map(time -> time.minusNanos(time.getNano() % NANOS_PER_MICRO));
    }

    /** Returns the filter for types as they are stored. */
    static LogFilter storable(LogFilter filter) {
        return new LogFilter(
                filter.after(),
                filter.types().stream().map(LogSegment::storable).collect(Collectors.toSet()),
                filter.excludedTypes().stream()
                        .map(LogSegment::storable)
                        .collect(Collectors.toSet()));
    }

    /** Replaces characters that PostgreSQL does not store: U+0000 and unpaired surrogates. */
    private static String storable(String type) {
        boolean isPlain = type.chars().allMatch(c -> c != 0 && !Character.isSurrogate((char) c));
        return isPlain
                ? type
                : type.codePoints()
                        .map(c -> c == 0 || isUnpairedSurrogate(c) ? '\uFFFD' : c)
                        .collect(
                                StringBuilder::new,
                                StringBuilder::appendCodePoint,
                                StringBuilder::append)
                        .toString();
    }

    private static boolean isUnpairedSurrogate(int codePoint) {
        return codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE;
    }

    int size() {
        return types.size();
    }

    /** Returns a time such that no entry has a later one; empty if no entry has a time. */
    static Optional<Instant> latest(List<LogSegment> segments) {
        return segments.stream()
                .flatMap(segment -> segment.latest().stream())
                .max(Instant::compareTo);
    }

    /** Binds entries, types, times and events. */
    SqlStatement bindTo(SqlStatement statement) throws SQLException {
        statement.text(text).texts(types).texts(times);
        return events.stream().allMatch(Objects::isNull)
                ? statement.value(null)
                : statement.ids(events);
    }
}
