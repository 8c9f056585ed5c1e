package dev.errand.benchmarks.memory;

import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * All tasks of the hand-written store by number, so that newest first is a walk downwards: an array
 * that grows by chunks and is written to without a lock.
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

    /** The task with a number; null while it is being created. */
    BaselineStore.TaskCell get(int number) {
        AtomicReferenceArray<BaselineStore.TaskCell> chunk =
                chunks.getAcquire(number >>> CHUNK_BITS);
        return chunk == null ? null : chunk.getAcquire(number & CHUNK - 1);
    }
}
