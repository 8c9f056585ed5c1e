package dev.errand.internal.dispatch;

import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The claimed runs of a dispatcher: those that are active, never more than there are slots, and
 * those that wait for a slot. A run occupies its slot until its final change is decided.
 * Thread-safe.
 */
final class SlotTable {

    private final int slots;
    private final Map<RunId, ActiveRun> runs = new HashMap<>();
    private final Deque<ActiveRun> waiting = new ArrayDeque<>();
    private int hungThreads;

    SlotTable(int slots) {
        this.slots = slots;
    }

    /** Returns all runs, active and waiting. */
    synchronized List<ActiveRun> all() {
        return List.copyOf(runs.values());
    }

    synchronized Optional<ActiveRun> find(RunId run) {
        return Optional.ofNullable(runs.get(run));
    }

    /** Returns the number of runs that do not wait for a slot. */
    synchronized int supervised() {
        return runs.size() - waiting.size();
    }

    /** Returns the number of free slots minus the number of waiting runs; may be negative. */
    synchronized int free() {
        return slots - occupied() - waiting.size();
    }

    /** Adds a run that waits for a slot. An earlier claim of the same run must be removed. */
    synchronized void add(ActiveRun run) {
        runs.put(run.run().id(), run);
        waiting.add(run);
    }

    /** Gives free slots to the runs that have waited longest, and returns them. */
    synchronized List<ActiveRun> activate() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<ActiveRun> activated = new ArrayList<>();
        for (int free = slots - occupied(); free > 0 && !waiting.isEmpty(); free--) {
            ActiveRun next = waiting.remove();
            next.activate();
            activated.add(next);
        }
        return activated;
    }

    /** Removes and returns the waiting runs that were claimed before the given time. */
    synchronized List<ActiveRun> removeWaiting(Instant claimedBefore) {
        List<ActiveRun> late =
                waiting.stream().filter(run -> run.claimedAt().isBefore(claimedBefore)).toList();
        late.forEach(this::remove);
        return late;
    }

    /** Removes this claim of a run; returns whether it was present. */
    synchronized boolean remove(ActiveRun run) {
        waiting.remove(run);
        boolean removed = runs.remove(run.run().id(), run);
        if (runs.isEmpty()) {
            notifyAll();
        }
        return removed;
    }

    /** A thread that is abandoned occupies a slot until it returns. */
    synchronized void threadAbandoned() {
        hungThreads++;
    }

    /** An abandoned thread has returned. */
    synchronized void threadReturned() {
        hungThreads--;
    }

    /** Waits until there are no runs; returns whether that is so within the timeout. */
    synchronized boolean awaitEmpty(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (!runs.isEmpty() && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
        return runs.isEmpty();
    }

    private int occupied() {
        int occupied = hungThreads;
        for (ActiveRun run : runs.values()) {
            if (run.occupiesSlot()) {
                occupied++;
            }
        }
        return occupied;
    }
}
