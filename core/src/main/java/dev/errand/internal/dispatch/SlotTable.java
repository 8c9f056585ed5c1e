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
 * The claimed runs of a dispatcher: those that have a slot, and those that wait for one. A run
 * occupies its slot until its final change is decided, and again while a change that could not be
 * written is decided anew. During that time, the number of occupied slots may exceed {@code slots}.
 * Thread-safe.
 */
final class SlotTable {

    private final int slots;
    private final Map<RunId, LeasedRun> runs = new HashMap<>();
    private final Deque<LeasedRun> waiting = new ArrayDeque<>();
    private int abandonedThreads;

    SlotTable(int slots) {
        this.slots = slots;
    }

    /** Returns all runs, including those that wait for a slot. */
    synchronized List<LeasedRun> all() {
        return List.copyOf(runs.values());
    }

    synchronized Optional<LeasedRun> find(RunId run) {
        return Optional.ofNullable(runs.get(run));
    }

    /** Returns the number of runs that do not wait for a slot. */
    synchronized int supervised() {
        return runs.size() - waiting.size();
    }

    /**
     * Returns how many runs may be claimed: the number of free slots minus the number of runs that
     * wait for one. May be negative.
     */
    synchronized int claimable() {
        return slots - occupied() - waiting.size();
    }

    /**
     * Adds a run that waits for a slot. The caller must have removed an earlier claim of the same
     * run.
     */
    synchronized void add(LeasedRun run) {
        runs.put(run.run().id(), run);
        waiting.add(run);
    }

    /** Gives free slots to the runs that have waited longest, and returns them. */
    synchronized List<LeasedRun> assignSlots() {
        if (waiting.isEmpty()) {
            return List.of();
        }
        List<LeasedRun> assigned = new ArrayList<>();
        for (int free = slots - occupied(); free > 0 && !waiting.isEmpty(); free--) {
            LeasedRun next = waiting.remove();
            next.occupySlot();
            assigned.add(next);
        }
        return assigned;
    }

    /** Removes and returns the waiting runs that were claimed before the given time. */
    synchronized List<LeasedRun> removeWaiting(Instant claimedBefore) {
        List<LeasedRun> late =
                waiting.stream().filter(run -> run.claimedAt().isBefore(claimedBefore)).toList();
        late.forEach(this::remove);
        return late;
    }

    /** Removes this claim of a run; returns whether it was present. */
    synchronized boolean remove(LeasedRun run) {
        waiting.remove(run);
        boolean removed = runs.remove(run.run().id(), run);
        if (runs.isEmpty()) {
            notifyAll();
        }
        return removed;
    }

    /** Counts an abandoned thread, which occupies a slot until it returns. */
    synchronized void threadAbandoned() {
        abandonedThreads++;
    }

    /** Records that an abandoned thread has returned. */
    synchronized void threadReturned() {
        abandonedThreads--;
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
        int occupied = abandonedThreads;
        for (LeasedRun run : runs.values()) {
            if (run.occupiesSlot()) {
                occupied++;
            }
        }
        return occupied;
    }
}
