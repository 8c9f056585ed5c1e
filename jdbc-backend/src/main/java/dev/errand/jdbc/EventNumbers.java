package dev.errand.jdbc;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Which numbered event ids a batch or a log has: for each source ranges of numbers. The numbers of
 * a source are few ranges, since agents number their events consecutively.
 *
 * <p>A log may have fewer events than its ranges, never more: if there are too many ranges, they
 * are joined. An event outside of them is new; others are compared with the digests in the last
 * segments. Immutable.
 */
final class EventNumbers {

    /** A log with more sources does not record them. */
    static final int MAX_SOURCES = 32;

    private static final int MAX_RANGES_PER_SOURCE = 10;

    /** For each source, the last number of each range by its first. */
    private final Map<String, NavigableMap<Long, Long>> sources;

    private EventNumbers(Map<String, NavigableMap<Long, Long>> sources) {
        this.sources = sources;
    }

    /** Returns the numbered event ids of a batch. */
    static EventNumbers of(LogBatch batch) {
        Map<String, NavigableMap<Long, Long>> sources = new LinkedHashMap<>();
        for (LogBatch.Line line : batch.lines()) {
            line.number()
                    .ifPresent(
                            id ->
                                    add(
                                            sources.computeIfAbsent(
                                                    id.source(), source -> new TreeMap<>()),
                                            id.number(),
                                            id.number()));
        }
        return new EventNumbers(sources);
    }

    private static void add(NavigableMap<Long, Long> ranges, long first, long last) {
        long from = first;
        long to = last;
        Map.Entry<Long, Long> near = ranges.floorEntry(to + 1);
        while (near != null && near.getValue() >= from - 1) {
            from = Math.min(from, near.getKey());
            to = Math.max(to, near.getValue());
            ranges.remove(near.getKey());
            near = ranges.floorEntry(to + 1);
        }
        ranges.put(from, to);
    }

    /** Parses what {@link #toTexts} returned. */
    static EventNumbers parse(List<String> texts) {
        Map<String, NavigableMap<Long, Long>> sources = new LinkedHashMap<>();
        for (String text : texts) {
            String[] parts = text.split(" ");
            NavigableMap<Long, Long> ranges = new TreeMap<>();
            for (int i = 1; i < parts.length; i++) {
                String[] range = parts[i].split("-");
                ranges.put(Long.parseLong(range[0]), Long.parseLong(range[1]));
            }
            sources.put(parts[0], ranges);
        }
        return new EventNumbers(sources);
    }

    /** Returns a text for each source: its name, and its ranges such as 1-10. */
    List<String> toTexts() {
        List<String> texts = new ArrayList<>();
        sources.forEach(
                (source, ranges) ->
                        texts.add(
                                ranges.entrySet().stream()
                                        .map(range -> range.getKey() + "-" + range.getValue())
                                        .collect(Collectors.joining(" ", source + " ", ""))));
        return texts;
    }

    /** Returns a JSON object with the ranges of each source as a multirange of PostgreSQL. */
    String toJson() {
        return sources.entrySet().stream()
                .map(
                        source ->
                                '"'
                                        + source.getKey()
                                        + "\":\""
                                        + multirange(source.getValue())
                                        + '"')
                .collect(Collectors.joining(",", "{", "}"));
    }

    private static String multirange(NavigableMap<Long, Long> ranges) {
        return ranges.entrySet().stream()
                .map(range -> "[" + range.getKey() + "," + range.getValue() + "]")
                .collect(Collectors.joining(",", "{", "}"));
    }

    boolean hasTooManySources() {
        return sources.size() > MAX_SOURCES;
    }

    /** Returns whether an event is in both. */
    boolean overlaps(EventNumbers others) {
        return others.sources.entrySet().stream()
                .anyMatch(
                        other ->
                                sources.containsKey(other.getKey())
                                        && overlap(sources.get(other.getKey()), other.getValue()));
    }

    private static boolean overlap(NavigableMap<Long, Long> ranges, Map<Long, Long> others) {
        for (Map.Entry<Long, Long> other : others.entrySet()) {
            Map.Entry<Long, Long> last = ranges.floorEntry(other.getValue());
            if (last != null && last.getValue() >= other.getKey()) {
                return true;
            }
        }
        return false;
    }

    /** Returns the events of both, with joined ranges if there are too many. */
    EventNumbers with(EventNumbers others) {
        Map<String, NavigableMap<Long, Long>> merged = new LinkedHashMap<>();
        sources.forEach((source, ranges) -> merged.put(source, new TreeMap<>(ranges)));
        others.sources.forEach(
                (source, ranges) -> {
                    NavigableMap<Long, Long> all =
                            merged.computeIfAbsent(source, name -> new TreeMap<>());
                    ranges.forEach((first, last) -> add(all, first, last));
                    if (all.size() > MAX_RANGES_PER_SOURCE) {
                        add(all, all.firstKey(), all.lastEntry().getValue());
                    }
                });
        return new EventNumbers(merged);
    }
}
