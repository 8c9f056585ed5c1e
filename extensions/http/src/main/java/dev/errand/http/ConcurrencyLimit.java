package dev.errand.http;

import java.io.Closeable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many of something may exist at the same time, in total and for one caller. Thread-safe.
 *
 * <p>A caller that reaches its own limit gets 429. The limit in total gives 503.
 */
final class ConcurrencyLimit {

    private final String what;
    private final int max;
    private final int maxPerCaller;
    private final AtomicInteger total = new AtomicInteger();
    private final Map<String, Integer> byCaller = new ConcurrentHashMap<>();

    /**
     * Creates a limit.
     *
     * @param what the plural noun for the message, such as "requests"
     */
    ConcurrencyLimit(String what, int max, int maxPerCaller) {
        this.what = what;
        this.max = max;
        this.maxPerCaller = maxPerCaller;
    }

    /**
     * Counts one more until the result is closed.
     *
     * @throws RejectedRequestException if a limit is reached
     */
    Closeable enter(String caller) {
        if (total.incrementAndGet() > max) {
            total.decrementAndGet();
            throw RejectedRequestException.overloaded();
        }
        if (byCaller.merge(caller, 1, Integer::sum) > maxPerCaller) {
            leave(caller);
            throw RejectedRequestException.tooMany(what, maxPerCaller);
        }
        AtomicBoolean isOpen = new AtomicBoolean(true);
        return () -> {
            if (isOpen.compareAndSet(true, false)) {
                leave(caller);
            }
        };
    }

    private void leave(String caller) {
        byCaller.computeIfPresent(caller, (same, count) -> count == 1 ? null : count - 1);
        total.decrementAndGet();
    }
}
