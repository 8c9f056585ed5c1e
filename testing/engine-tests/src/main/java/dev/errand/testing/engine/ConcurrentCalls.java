package dev.errand.testing.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;

/** Runs calls concurrently; all callers wait for each other and then start at once. */
final class ConcurrentCalls {

    private static final int TIMEOUT_SECONDS = 30;

    private ConcurrentCalls() {}

    /**
     * Returns the outcome of each call, in the order of the callers: its result, or the exception
     * that it threw.
     */
    static List<Object> run(int callers, IntFunction<Callable<?>> calls) {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            CyclicBarrier start = new CyclicBarrier(callers);
            List<Future<Object>> started = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Callable<?> call = calls.apply(i);
                started.add(
                        pool.submit(
                                () -> {
                                    start.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
                                    try {
                                        return call.call();
                                    } catch (RuntimeException failure) {
                                        return failure;
                                    }
                                }));
            }
            List<Object> outcomes = new ArrayList<>();
            for (Future<Object> each : started) {
                outcomes.add(each.get(TIMEOUT_SECONDS, TimeUnit.SECONDS));
            }
            return outcomes;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted while waiting for concurrent calls", interrupted);
        } catch (ExecutionException failure) {
            throw new AssertionError("a concurrent call failed", failure.getCause());
        } catch (java.util.concurrent.TimeoutException tooLong) {
            throw new AssertionError("concurrent calls timed out", tooLong);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Returns the outcomes of the given type. */
    static <T> List<T> of(Class<T> type, List<Object> outcomes) {
        return outcomes.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
