package dev.errand.internal.dispatch;

import dev.errand.dispatch.DispatchListener;
import dev.errand.dispatch.WorkHandler;
import dev.errand.spi.ProjectScope;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;

/** The settings of a worker pool; see {@link dev.errand.dispatch.WorkerPool.Builder}. */
record WorkerPoolOptions(
        WorkHandler handler,
        ProjectScope scope,
        String node,
        int size,
        int prefetch,
        Duration leaseDuration,
        Duration pollInterval,
        Optional<Duration> timeLimit,
        Duration gracePeriod,
        List<DispatchListener> listeners,
        Optional<Executor> executor) {

    WorkerPoolOptions {
        if (node.isBlank()) {
            throw new IllegalArgumentException("node must not be blank");
        }
        if (size < 1) {
            throw new IllegalArgumentException("size must be 1 or more, not " + size);
        }
        if (prefetch < 0) {
            throw new IllegalArgumentException("prefetch must be 0 or more, not " + prefetch);
        }
        requirePositive("leaseDuration", leaseDuration);
        requirePositive("pollInterval", pollInterval);
        requirePositive("gracePeriod", gracePeriod);
        timeLimit.ifPresent(limit -> requirePositive("timeLimit", limit));
        listeners = List.copyOf(listeners);
    }

    private static void requirePositive(String name, Duration value) {
        if (value.isZero() || value.isNegative()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
