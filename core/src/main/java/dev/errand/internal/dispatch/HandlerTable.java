package dev.errand.internal.dispatch;

import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The runs that a worker pool has claimed, and the number of its handler threads in use, which
 * never exceeds the size of the pool. Thread-safe.
 */
final class HandlerTable {

    private final int size;
    private final int prefetch;
    private final Map<RunId, PooledRun> runs = new HashMap<>();
    private final Deque<PooledRun> waiting = new ArrayDeque<>();
    private int busy;
    private boolean isAssigning = true;

    HandlerTable(int size, int prefetch) {
        this.size = size;
        this.prefetch = prefetch;
    }

    /** Returns all runs that were not removed. */
    synchronized List<PooledRun> all() {
        return List.copyOf(runs.values());
    }

    synchronized Optional<PooledRun> find(RunId run) {
        return Optional.ofNullable(runs.get(run));
    }

    /** Returns whether this claim of a run was not removed. */
    synchronized boolean contains(PooledRun pooled) {
        return runs.get(pooled.run().id()) == pooled;
    }

    /**
     * Adds a run that waits for a handler. The caller must have removed an earlier claim of the
     * same run.
     */
    synchronized void add(PooledRun pooled) {
        runs.put(pooled.run().id(), pooled);
        waiting.add(pooled);
    }

    /** Removes this claim of a run; returns whether it was present. */
    synchronized boolean remove(PooledRun pooled) {
        waiting.remove(pooled);
        return runs.remove(pooled.run().id(), pooled);
    }

    /** Returns the number of handler threads in use. */
    synchronized int busy() {
        return busy;
    }

    /**
     * Returns how many runs may be claimed: one for each free handler, and up to {@code ahead} more
     * within the prefetch.
     */
    synchronized int claimable(int ahead) {
        return Math.max(0, size - busy + Math.min(prefetch, ahead) - waiting.size());
    }

    /**
     * Assigns free handler threads to the runs that have waited longest, and returns these runs.
     * Each must be followed by {@link #next} on its thread.
     */
    synchronized List<PooledRun> assign() {
        List<PooledRun> assigned = new ArrayList<>();
        while (isAssigning && busy < size && !waiting.isEmpty()) {
            busy++;
            assigned.add(waiting.remove());
        }
        return assigned;
    }

    /** Returns the next run for a handler thread; if it is empty, the thread is free. */
    synchronized Optional<PooledRun> next() {
        if (isAssigning && !waiting.isEmpty()) {
            return Optional.of(waiting.remove());
        }
        threadReturned();
        return Optional.empty();
    }

    /** Records that a handler thread is free. */
    synchronized void threadReturned() {
        busy--;
        notifyAll();
    }

    /** Assigns no more runs to handler threads. */
    synchronized void stopAssigning() {
        isAssigning = false;
    }

    /** Waits until all handler threads are free; returns whether that is so within the timeout. */
    synchronized boolean awaitIdle(Duration timeout) throws InterruptedException {
        long end = System.nanoTime() + timeout.toNanos();
        long left = timeout.toNanos();
        while (busy > 0 && left > 0) {
            wait(left / 1_000_000, (int) (left % 1_000_000));
            left = end - System.nanoTime();
        }
        return busy == 0;
    }
}
