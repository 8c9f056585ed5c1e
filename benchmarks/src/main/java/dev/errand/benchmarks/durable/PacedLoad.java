package dev.errand.benchmarks.durable;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.Worker;
import dev.errand.spi.UserId;
import dev.errand.spi.store.ClaimedRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Threads that create, claim and settle runs at a given rate. A thread that is late begins its next
 * unit at once, so that the rate falls only if all threads are busy.
 */
final class PacedLoad implements AutoCloseable {

    private final ErrandHost host;
    private final double nanosPerUnit;
    private final ExecutorService executor;
    private final List<Future<?>> threads = new ArrayList<>();
    private final AtomicLong next = new AtomicLong();
    private final long begin = System.nanoTime();
    private final AtomicLong late = new AtomicLong();
    private final List<Long> claimNanos = new ArrayList<>();
    private long units;
    private volatile boolean stopped;

    private PacedLoad(ErrandHost host, int threads, double rate) {
        this.host = host;
        nanosPerUnit = 1e9 / rate;
        executor = Executors.newFixedThreadPool(threads);
    }

    static PacedLoad start(ErrandHost host, int threads, double rate) {
        PacedLoad load = new PacedLoad(host, threads, rate);
        for (int thread = 0; thread < threads; thread++) {
            int first = thread * 16;
            load.threads.add(load.executor.submit(() -> load.run(first)));
        }
        return load;
    }

    /**
     * The units that were completed in an interval.
     *
     * @param claimNanos the sorted durations of the claims
     */
    record Interval(double unitsPerSecond, List<Long> claimNanos) {

        double claimMillis(double quantile) {
            return claimNanos.isEmpty()
                    ? Double.NaN
                    : claimNanos.get((int) (quantile * (claimNanos.size() - 1))) / 1e6;
        }
    }

    /** Waits for an interval, and returns what was completed in it. */
    Interval measure(Duration interval) throws InterruptedException, ExecutionException {
        take(1);
        long start = System.nanoTime();
        try {
            // The threads end only with a failure.
            threads.get(0).get(interval.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException expected) {
            return take((System.nanoTime() - start) / 1e9);
        }
        throw new IllegalStateException("a thread ended");
    }

    /** Returns what was completed since the last call. */
    private synchronized Interval take(double seconds) {
        Interval taken = new Interval(units / seconds, claimNanos.stream().sorted().toList());
        units = 0;
        claimNanos.clear();
        return taken;
    }

    private void run(int first) {
        Worker worker = host.worker();
        for (int number = first; !stopped; number++) {
            awaitTurn();
            SampleWork.Unit unit = SampleWork.of(number);
            ProjectClient creator = host.as(Caller.user(UserId.of(unit.creator())));
            creator.tasks().createAndRun(unit.request(), SampleWork.RUN);
            long before = System.nanoTime();
            List<ClaimedRun> claimed = worker.claim(1);
            long after = System.nanoTime();
            worker.settle(
                    claimed.stream()
                            .map(run -> new Worker.Result(run, SampleWork.COMPLETED))
                            .toList());
            add(claimed.size(), after - before);
        }
    }

    private void awaitTurn() {
        long due = begin + (long) (next.getAndIncrement() * nanosPerUnit) + late.get();
        long now = System.nanoTime();
        if (due < now - TimeUnit.SECONDS.toNanos(1)) {
            // Do not make up for more than a second.
            late.addAndGet(now - due);
        }
        while (System.nanoTime() < due) {
            LockSupport.parkNanos(due - System.nanoTime());
        }
    }

    private synchronized void add(int completed, long nanos) {
        units += completed;
        claimNanos.add(nanos);
    }

    @Override
    public void close() {
        stopped = true;
        executor.shutdown();
        try {
            executor.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
