package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.stream.Stream;

/**
 * The runs that were claimed and are still owed something. They are looked through only when a
 * lease can have run out: no live lease ends before {@code earliestEnd}, so that leases which are
 * renewed in time cost one look in a lease's length.
 */
final class Leases {

    private record Key(ProjectId project, RunId run) {

        static Key of(RunCell cell) {
            return new Key(cell.run().project(), cell.id());
        }
    }

    private final ConcurrentMap<Key, RunCell> claimed = new ConcurrentHashMap<>();

    /** In {@link Place#micros}. */
    private final AtomicLong earliestEnd = new AtomicLong(Long.MAX_VALUE);

    private volatile boolean looking;

    /** The cell of a run that was claimed, or null if there is none or nothing is owed to it. */
    RunCell find(ProjectId project, RunId run) {
        return claimed.get(new Key(project, run));
    }

    /** Watches a lease; to be called after the run stands under it. */
    void add(RunCell cell, Instant until) {
        claimed.put(Key.of(cell), cell);
        endsAt(until);
    }

    /** Takes note that a lease which is watched already ends then. */
    void endsAt(Instant until) {
        long end = Place.micros(until);
        if (end < earliestEnd.get()) {
            earliestEnd.accumulateAndGet(end, Math::min);
        }
    }

    /** Those of the runs that have a place. */
    Stream<RunCell> withPlace() {
        return claimed.values().stream().filter(cell -> cell.stand().countsAgainstLimit());
    }

    /** Forgets a run, to be called after nothing is owed to it any more. */
    void remove(RunCell cell) {
        // Only if it still stands so: it may have been reopened and claimed anew in between.
        claimed.computeIfPresent(
                Key.of(cell), (key, present) -> present.stand().isActive() ? present : null);
    }

    /**
     * Lets the runs wait again whose lease has run out, and tells of each. Nobody returns while
     * another is still at it, or a run that can be claimed would be missed.
     */
    void expire(Instant now, BiConsumer<RunCell, Stand> waitsAgain) {
        long nowInMicros = Place.micros(now);
        if (nowInMicros < earliestEnd.get() && !looking) {
            return;
        }
        synchronized (this) {
            if (nowInMicros < earliestEnd.get()) {
                return;
            }
            looking = true;
            earliestEnd.set(Long.MAX_VALUE); // before the look: what is added during it counts
            for (RunCell cell : claimed.values()) {
                expire(cell, now, waitsAgain);
            }
            looking = false;
        }
    }

    private void expire(RunCell cell, Instant now, BiConsumer<RunCell, Stand> waitsAgain) {
        Stand stand = cell.stand();
        while (stand.isLeased() && !stand.lease().until().isAfter(now)) {
            Stand expired = stand.expired();
            if (cell.replace(stand, expired)) {
                waitsAgain.accept(cell, expired);
                return;
            }
            stand = cell.stand();
        }
        if (stand.isLeased()) {
            endsAt(stand.lease().until());
        } else if (!stand.isActive()) {
            remove(cell);
        }
    }

    /**
     * When the first of these runs in the scope can be claimed, in {@link Place#micros}, or never:
     * at the end of its lease, or when it is due.
     */
    long nextEnd(ProjectScope scope) {
        long next = Long.MAX_VALUE;
        for (RunCell cell : claimed.values()) {
            Stand stand = cell.stand();
            if (stand.isActive() && scope.includes(stand.run().project())) {
                Instant end = stand.isLeased() ? stand.lease().until() : stand.dueAt();
                next = Math.min(next, Place.micros(end));
            }
        }
        return next;
    }
}
