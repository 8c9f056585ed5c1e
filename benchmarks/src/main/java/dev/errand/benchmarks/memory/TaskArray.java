package dev.errand.benchmarks.memory;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * The tasks of the baseline store by number, in a lock-free array that grows in chunks. Listing
 * newest first walks it backwards.
 */
final class TaskArray {

    private static final int CHUNK_BITS = 12;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final AtomicReferenceArray<AtomicReferenceArray<BaselineStore.TaskCell>> chunks =
            new AtomicReferenceArray<>(CHUNK);

    void set(int number, BaselineStore.TaskCell cell) {
        int index = number >>> CHUNK_BITS;
        AtomicReferenceArray<BaselineStore.TaskCell> chunk = chunks.getAcquire(index);
        if (chunk == null) {
            chunks.compareAndSet(index, null, new AtomicReferenceArray<>(CHUNK));
            chunk = chunks.getAcquire(index);
        }
        chunk.setRelease(number & CHUNK - 1, cell);
    }

    /** Returns the task with a number, or null while it is being created. */
    BaselineStore.TaskCell get(int number) {
        AtomicReferenceArray<BaselineStore.TaskCell> chunk =
                chunks.getAcquire(number >>> CHUNK_BITS);
        return chunk == null ? null : chunk.getAcquire(number & CHUNK - 1);
    }
}
