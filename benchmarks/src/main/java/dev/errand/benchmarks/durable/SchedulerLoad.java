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
 * Enqueues units for a scheduler that executes them on its own threads. As many threads enqueue as
 * the scheduler has workers, at most {@value #AHEAD} units ahead, so that it always has work but a
 * bounded backlog.
 */
final class SchedulerLoad {

    private static final int AHEAD = 2_000;
    private static final long LATENCY_NANOS = 12_000_000_000L;
    private static final int LATENCY_UNITS = 200;

    private final Semaphore ahead = new Semaphore(AHEAD);
    private final AtomicLong completed = new AtomicLong();
    private volatile CountDownLatch awaited;

    /** Enqueues the unit with a number. */
    interface Enqueuer {
        void enqueue(int number) throws Exception;
    }

    /** Called by the workers of the scheduler for each unit. */
    void completed() {
        completed.incrementAndGet();
        CountDownLatch one = awaited;
        if (one != null) {
            one.countDown();
        } else {
            ahead.release();
        }
    }

    Outcome measure(Enqueuer enqueuer, int threads, Window window) throws Exception {
        Optional<Double> median =
                threads == 1 ? Optional.of(medianLatency(enqueuer)) : Optional.empty();
        AtomicInteger number = new AtomicInteger();
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        for (int thread = 0; thread < threads; thread++) {
            executor.submit(
                    () -> {
                        while (true) {
                            ahead.acquire();
                            enqueuer.enqueue(number.getAndIncrement());
                        }
                    });
        }
        long patience = System.nanoTime() + LATENCY_NANOS;
        while (completed.get() == 0 && System.nanoTime() < patience) {
            TimeUnit.MILLISECONDS.sleep(10); // A polling scheduler has not polled yet.
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

    private double medianLatency(Enqueuer enqueuer) throws Exception {
        List<Double> times = new ArrayList<>();
        long end = System.nanoTime() + LATENCY_NANOS;
        while (times.size() < LATENCY_UNITS && System.nanoTime() < end) {
            CountDownLatch one = new CountDownLatch(1);
            awaited = one;
            long before = System.nanoTime();
            enqueuer.enqueue(times.size());
            one.await();
            times.add((System.nanoTime() - before) / 1e6);
        }
        awaited = null;
        completed.set(0);
        return ListBenchmark.median(times);
    }
}
