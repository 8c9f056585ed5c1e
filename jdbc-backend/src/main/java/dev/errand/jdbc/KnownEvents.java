package dev.errand.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the head of a log remembers of the event ids in it. An event of the current source with a
 * higher number is new; every other event id is compared with the digests in the last segments.
 *
 * <p>Invariant: no event of the current source in the log has a higher number. Therefore a source
 * becomes current only if the log has no event of it: it is neither remembered nor forgotten.
 *
 * @param source the current source, empty if there is none yet
 * @param number the highest number of its events
 * @param pastSources the other sources; once there are {@value #MAX_PAST_SOURCES}, the current
 *     source stays current
 */
record KnownEvents(Optional<String> source, long number, List<String> pastSources) {

    static final KnownEvents NONE = new KnownEvents(Optional.empty(), 0, List.of());

    private static final int MAX_PAST_SOURCES = 64;

    /** Returns what is known after a batch has been appended. */
    KnownEvents with(LogBatch batch) {
        KnownEvents known = this;
        for (Map.Entry<String, Long> event : batch.highestNumbers().entrySet()) {
            known = known.with(event.getKey(), event.getValue());
        }
        return known;
    }

    private KnownEvents with(String appended, long highest) {
        if (source.isEmpty()) {
            return new KnownEvents(Optional.of(appended), highest, pastSources);
        }
        if (source.get().equals(appended)) {
            return new KnownEvents(source, Math.max(number, highest), pastSources);
        }
        if (pastSources.contains(appended) || pastSources.size() == MAX_PAST_SOURCES) {
            return this;
        }
        List<String> past = new ArrayList<>(pastSources);
        past.add(source.get());
        return new KnownEvents(Optional.of(appended), highest, List.copyOf(past));
    }

    /** Returns whether all event ids of a batch are new. False if that is not known. */
    boolean precede(LogBatch batch) {
        return batch.hasNoEventIds()
                || batch.firstOfOneSource()
                        .filter(first -> source.equals(Optional.of(first.source())))
                        .filter(first -> number < first.number())
                        .isPresent();
    }
}
