package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.LifecycleCandidate.Outcome;
import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Feeds a scheduler that executes on threads of its own: as many threads enqueue as it has workers,
 * never more than {@value #AHEAD} units ahead, so that it always finds work and never drowns in it.
 */
final class SchedulerLoad {

    private static final int AHEAD = 2_000;
    private static final long LATENCY_NANOS = 12_000_000_000L;
    private static final int LATENCY_UNITS = 200;

    private final Semaphore ahead = new Semaphore(AHEAD);
    private final AtomicLong completed = new AtomicLong();
    private volatile CountDownLatch awaited;

    /** Enqueues the unit of a number. */
    interface Enqueuing {
        void enqueue(int number) throws Exception;
    }

    /** To be called by the scheduler's workers for each unit. */
    void completed() {
        completed.incrementAndGet();
        CountDownLatch one = awaited;
        if (one != null) {
            one.countDown();
        } else {
            ahead.release();
        }
    }

    Outcome measure(Enqueuing enqueuing, int threads, Window window) throws Exception {
        Optional<Double> median =
                threads == 1 ? Optional.of(oneAfterTheOther(enqueuing)) : Optional.empty();
        AtomicInteger number = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        for (int thread = 0; thread < threads; thread++) {
            executor.submit(
                    () -> {
                        while (true) {
                            ahead.acquire();
                            enqueuing.enqueue(number.getAndIncrement());
                        }
                    });
        }
        long patience = System.nanoTime() + LATENCY_NANOS;
        while (completed.get() == 0 && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(10); // One that polls has not looked yet.
        }
        TimeUnit.MILLISECONDS.sleep(window.warmUpMillis());
        long before = completed.get();
        long begin = System.nanoTime();
        TimeUnit.MILLISECONDS.sleep(window.measuredMillis());
        double rate = (completed.get() - before) * 1e9 / (System.nanoTime() - begin);
        executor.shutdownNow();
        executor.awaitTermination(10, TimeUnit.SECONDS);
        return new Outcome(rate, median);
    }

    private double oneAfterTheOther(Enqueuing enqueuing) throws Exception {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + LATENCY_NANOS;
        while (times.size() < LATENCY_UNITS && System.nanoTime() < end) {
            CountDownLatch one = new CountDownLatch(1);
            awaited = one;
            long before = System.nanoTime();
            enqueuing.enqueue(times.size());
            one.await();
            times.add((System.nanoTime() - before) / 1e6);
        }
        awaited = null;
        completed.set(0);
        return ListBenchmark.median(times);
    }
}
