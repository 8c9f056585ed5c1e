package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.LifecycleCandidate.Outcome;
import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Threads that do the same again and again until the time is over. */
final class TimedLoop {

    private TimedLoop() {}

    /** What one thread does. */
    interface Work extends AutoCloseable {

        /** Completes some units, and says how many. */
        int step() throws Exception;

        @Override
        default void close() throws SQLException {}
    }

    /** Makes the work of each thread. */
    interface Opening {
        Work open(int thread) throws Exception;
    }

    static Outcome run(Opening opening, int threads, Window window) throws Exception {
        List<Work> works = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            works.add(opening.open(thread));
        }
        long begin = System.nanoTime() + window.warmUpMillis() * 1_000_000;
        long end = begin + window.measuredMillis() * 1_000_000;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Measured>> tasks = new ArrayList<>();
            works.forEach(work -> tasks.add(() -> repeat(work, begin, end, threads == 1)));
            long units = 0;
            List<Double> times = List.of();
            for (Future<Measured> done : executor.invokeAll(tasks)) {
                units += done.get().units();
                times = done.get().times();
            }
            return new Outcome(
                    units * 1e3 / window.measuredMillis(),
                    times.isEmpty() ? Optional.empty() : Optional.of(ListBenchmark.median(times)));
        } finally {
            executor.shutdown();
            for (Work work : works) {
                work.close();
            }
        }
    }

    private record Measured(long units, List<Double> times) {}

    private static Measured repeat(Work work, long begin, long end, boolean timed)
            throws Exception {
        long units = 0;
        List<Double> times = new ArrayList<>();
        while (true) {
            long before = System.nanoTime();
            if (before >= end) {
                return new Measured(units, times);
            }
            int done = work.step();
            long after = System.nanoTime();
            if (before >= begin && after <= end) {
                units += done;
                if (timed && done == 1) {
                    times.add((after - before) / 1e6);
                }
            }
        }
    }
}
