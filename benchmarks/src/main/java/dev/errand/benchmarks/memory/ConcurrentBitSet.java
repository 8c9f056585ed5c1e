package dev.errand.benchmarks.memory;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * A lock-free set of the numbers of tasks with a common, mutable property, such as the status of
 * the latest run.
 */
final class ConcurrentBitSet {

    private static final VarHandle WORD = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int CHUNK_BITS = 15;
    private static final int CHUNK = 1 << CHUNK_BITS;

    private final AtomicReferenceArray<long[]> chunks = new AtomicReferenceArray<>(1 << 9);

    void add(int number) {
        WORD.getAndBitwiseOr(chunk(number), word(number), 1L << number);
    }

    void remove(int number) {
        WORD.getAndBitwiseAnd(chunk(number), word(number), ~(1L << number));
    }

    /** Returns the greatest number in the set that is at most the given one, or -1. */
    int atMost(int number) {
        for (int n = number; n >= 0; n = (n & -Long.SIZE) - 1) {
            long[] chunk = chunks.getAcquire(n >>> CHUNK_BITS);
            if (chunk == null) {
                continue;
            }
            long bits = (long) WORD.getAcquire(chunk, word(n)) << Long.SIZE - 1 - n;
            if (bits != 0) {
                return n - Long.numberOfLeadingZeros(bits);
            }
        }
        return -1;
    }

    private long[] chunk(int number) {
        int index = number >>> CHUNK_BITS;
        long[] chunk = chunks.getAcquire(index);
        if (chunk == null) {
            chunks.compareAndSet(index, null, new long[CHUNK / Long.SIZE]);
            chunk = chunks.getAcquire(index);
        }
        return chunk;
    }

    private static int word(int number) {
        return (number & CHUNK - 1) / Long.SIZE;
    }
}
