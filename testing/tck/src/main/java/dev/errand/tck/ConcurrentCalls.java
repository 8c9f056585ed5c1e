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

/** Threads that all wait at one line and then do their part at once. */
final class ConcurrentCalls {

    private static final Duration AT_MOST = Duration.ofSeconds(30);

    /** One thread's part. */
    interface Part<T> {
        T run(int index) throws Exception;
    }

    private ConcurrentCalls() {}

    /**
     * Runs the part in so many threads at once, and answers with what each came to, in their order.
     * Fails if one throws or if they take too long together.
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
                throw new AssertionError("not all of " + threads + " threads came to the line");
            }
            go.countDown();
            List<T> results = new ArrayList<>();
            for (Future<T> each : parts) {
                results.add(each.get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS));
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted in a race", e);
        } catch (ExecutionException e) {
            throw new AssertionError("a thread failed in a race", e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a race took longer than " + AT_MOST, e);
        } finally {
            pool.shutdownNow();
        }
    }
}
