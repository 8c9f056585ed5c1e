package dev.errand.tck;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Executes calls on several threads that start at the same time. */
final class ConcurrentCalls {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    /** The call of one thread. */
    interface Part<T> {
        T run(int index) throws Exception;
    }

    private ConcurrentCalls() {}

    /**
     * Executes the call on the given number of threads and returns their results in the order of
     * the threads. Fails if a call throws or if the calls do not finish in time.
     */
    static <T> List<T> of(int threads, Part<T> part) {
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch ready = new CountDownLatch(threads);
            CountDownLatch go = new CountDownLatch(1);
            List<Future<T>> parts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                int index = i;
                parts.add(
                        pool.submit(
                                () -> {
                                    ready.countDown();
                                    go.await();
                                    return part.run(index);
                                }));
            }
            long deadline = System.nanoTime() + AT_MOST.toNanos();
            if (!ready.await(AT_MOST.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new AssertionError("not all of " + threads + " threads started");
            }
            go.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> each : parts) {
                results.add(each.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted during concurrent calls", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a concurrent call failed", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("concurrent calls took longer than " + AT_MOST, e);
        } finally {
            pool.shutdownNow();
        }
    }
}
