package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.UnsupportedRequestException;
import java.io.Closeable;
import java.util.HashMap;
import java.util.Map;

/**
 * The heap that bodies need while they are read and processed
 * (docs/wire/idempotency-and-limits.md#j21). Thread-safe.
 *
 * <p>The bodies of one caller may use half of it. A single body may use all of it while no other
 * body uses any.
 */
final class MemoryBudget {

    /**
     * The bytes of heap for each byte of a body, at the end of parsing one long string: its
     * characters, a builder and the text, or the text and its decoded bytes.
     */
    static final int HEAP_PER_BYTE = 4;

    private final long max;
    private final Map<String, Long> byCaller = new HashMap<>();
    private long used;

    MemoryBudget(long max) {
        this.max = max;
    }

    /** Returns an empty reservation, to be closed. */
    Reservation open(String caller) {
        return new Reservation(caller);
    }

    private synchronized void add(String caller, long heap, long held) {
        if (held + heap > max) {
            throw new UnsupportedRequestException(
                    ErrorCode.REQUEST_TOO_LARGE,
                    "The request body is larger than the "
                            + max / HEAP_PER_BYTE
                            + " bytes for which this server has memory.");
        }
        long ofCaller = byCaller.getOrDefault(caller, 0L);
        boolean isAlone = used == held;
        if (!isAlone && (used + heap > max || ofCaller + heap > max / 2)) {
            throw RejectedRequestException.overloaded();
        }
        used += heap;
        byCaller.put(caller, ofCaller + heap);
    }

    private synchronized void remove(String caller, long heap) {
        used -= heap;
        byCaller.computeIfPresent(caller, (same, sum) -> sum == heap ? null : sum - heap);
    }

    /** The memory of one body. Not thread-safe. */
    final class Reservation implements Closeable {

        private final String caller;
        private long held;

        private Reservation(String caller) {
            this.caller = caller;
        }

        /**
         * Reserves what a body of this size needs, if that is more than before.
         *
         * @throws RejectedRequestException if too much is in use
         * @throws UnsupportedRequestException if the body can never be held
         */
        void growTo(long bodyBytes) {
            long more = bodyBytes * HEAP_PER_BYTE - held;
            if (more > 0) {
                add(caller, more, held);
                held += more;
            }
        }

        @Override
        public void close() {
            if (held > 0) {
                remove(caller, held);
                held = 0;
            }
        }
    }
}
