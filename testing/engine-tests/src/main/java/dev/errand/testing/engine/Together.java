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

/** Callers that wait for each other at one line and then all call at once. */
final class Together {

    private static final int AT_MOST_SECONDS = 30;

    private Together() {}

    /**
     * What each of so many callers came to, in their order: what the call answered, or the
     * exception that it threw.
     */
    static List<Object> call(int callers, IntFunction<Callable<?>> calls) {
        ExecutorService pool = Executors.newFixedThreadPool(callers);
        try {
            CyclicBarrier line = new CyclicBarrier(callers);
            List<Future<Object>> started = new ArrayList<>();
            for (int i = 0; i < callers; i++) {
                Callable<?> call = calls.apply(i);
                started.add(
                        pool.submit(
                                () -> {
                                    line.await(AT_MOST_SECONDS, TimeUnit.SECONDS);
                                    try {
                                        return call.call();
                                    } catch (RuntimeException refused) {
                                        return refused;
                                    }
                                }));
            }
            List<Object> outcomes = new ArrayList<>();
            for (Future<Object> each : started) {
                outcomes.add(each.get(AT_MOST_SECONDS, TimeUnit.SECONDS));
            }
            return outcomes;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in a race", interrupted);
        } catch (ExecutionException failure) {
            throw new AssertionError("a caller failed in a race", failure.getCause());
        } catch (java.util.concurrent.TimeoutException tooLong) {
            throw new AssertionError("a race took too long", tooLong);
        } finally {
            pool.shutdownNow();
        }
    }

    /** Those of the outcomes that are of this type. */
    static <T> List<T> of(Class<T> type, List<Object> outcomes) {
        return outcomes.stream().filter(type::isInstance).map(type::cast).toList();
    }
}
