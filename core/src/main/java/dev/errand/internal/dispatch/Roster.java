package dev.errand.internal.dispatch;

import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The runs that a dispatcher has claimed: those begun, never more at a time than it has slots, and
 * those that wait for a slot. A run has its slot until its end is decided. Thread-safe.
 */
public final class Roster {

    private final int slots;
    private final Map<RunId, Supervised> all = new ConcurrentHashMap<>();
    private final Deque<Supervised> waiting = new ArrayDeque<>();
    private int stuck;

    public Roster(int slots) {
        this.slots = slots;
    }

    /** Every run, whether begun or not. */
    public Collection<Supervised> all() {
        return all.values();
    }

    public Optional<Supervised> find(RunId run) {
        return Optional.ofNullable(all.get(run));
    }

    public boolean isEmpty() {
        return all.isEmpty();
    }

    /** How many runs are looked after. */
    public synchronized int begun() {
        return all.size() - waiting.size();
    }

    /** How many runs can be claimed and begun at once; below 0 if some wait for slots. */
    public synchronized int free() {
        return slots - busy() - waiting.size();
    }

    /** Takes a run up, to be begun; what was held of the same run before is removed by then. */
    public synchronized void add(Supervised run) {
        all.put(run.run().id(), run);
        waiting.add(run);
    }

    /** Gives free slots to those that wait longest. */
    public synchronized List<Supervised> begin() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<Supervised> begun = new ArrayList<>();
        for (int free = slots - busy(); free > 0 && !waiting.isEmpty(); free--) {
            Supervised next = waiting.remove();
            next.begin();
            begun.add(next);
        }
        return begun;
    }

    /** Those that wait for a slot and were claimed before then; they are here no longer. */
    public synchronized List<Supervised> removeWaiting(Instant claimedBefore) {
        List<Supervised> late =
                waiting.stream().filter(run -> run.claimedAt().isBefore(claimedBefore)).toList();
        late.forEach(this::remove);
        return late;
    }

    /** Whether it was here. */
    public synchronized boolean remove(Supervised run) {
        waiting.remove(run);
        return all.remove(run.run().id(), run);
    }

    /** A thread that hangs keeps its slot. */
    public synchronized void stuck() {
        stuck++;
    }

    /** It came back. */
    public synchronized void unstuck() {
        stuck--;
    }

    private int busy() {
        int busy = stuck;
        for (Supervised run : all.values()) {
            if (run.hasSlot()) {
                busy++;
            }
        }
        return busy;
    }
}
