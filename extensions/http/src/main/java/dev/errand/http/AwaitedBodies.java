package dev.errand.http;

import java.io.Closeable;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The bodies that have not arrived completely. If a caller has too many of them, its oldest body is
 * rejected. If there are too many in total, the oldest body of the caller with the most bodies is
 * rejected. A body that arrives quickly is therefore received, however many clients are slow.
 * Thread-safe.
 *
 * <p>All clients that are not authenticated yet count as one caller with an empty name, to which
 * only the total limit applies.
 */
final class AwaitedBodies {

    private final int max;
    private final int maxPerCaller;
    private final Map<String, Set<Entry>> byCaller = new HashMap<>();
    private int total;

    AwaitedBodies(int max) {
        this.max = max;
        this.maxPerCaller = Math.max(1, max / 10);
    }

    /**
     * Adds a body until the result is closed.
     *
     * @param end ends the reading of the body with the given exception; called at most once, if the
     *     body is rejected
     */
    Closeable enter(String caller, Consumer<RuntimeException> end) {
        Entry entry = new Entry(caller, end);
        Optional<Entry> ofCaller = Optional.empty();
        Optional<Entry> ofAll = Optional.empty();
        synchronized (this) {
            Set<Entry> own = byCaller.computeIfAbsent(caller, any -> new LinkedHashSet<>());
            own.add(entry);
            total++;
            if (!caller.isEmpty() && own.size() > maxPerCaller) {
                ofCaller = Optional.of(removeOldest(own));
            }
            if (total > max) {
                ofAll =
                        byCaller.values().stream()
                                .max(Comparator.comparingInt(Set::size))
                                .map(this::removeOldest);
            }
        }
        ofCaller.ifPresent(
                it -> it.end.accept(RejectedRequestException.tooMany("bodies", maxPerCaller)));
        ofAll.ifPresent(it -> it.end.accept(RejectedRequestException.overloaded()));
        return () -> remove(entry);
    }

    private synchronized void remove(Entry entry) {
        Set<Entry> own = byCaller.getOrDefault(entry.caller, Set.of());
        if (own.contains(entry)) {
            own.remove(entry);
            removed(entry.caller, own);
        }
    }

    private Entry removeOldest(Set<Entry> own) {
        Iterator<Entry> all = own.iterator();
        Entry oldest = all.next();
        all.remove();
        removed(oldest.caller, own);
        return oldest;
    }

    private void removed(String caller, Set<Entry> own) {
        total--;
        if (own.isEmpty()) {
            byCaller.remove(caller);
        }
    }

    /** A body; not a record, since two bodies are never equal. */
    private static final class Entry {
        private final String caller;
        private final Consumer<RuntimeException> end;

        Entry(String caller, Consumer<RuntimeException> end) {
            this.caller = caller;
            this.end = end;
        }
    }
}
