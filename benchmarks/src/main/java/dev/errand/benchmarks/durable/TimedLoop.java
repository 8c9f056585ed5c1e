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

/** Repeats work in several threads for a given time. */
final class TimedLoop {

    private TimedLoop() {}

    /** The work of one thread. */
    interface Work extends AutoCloseable {

        /** Completes some units, and returns their number. */
        int step() throws Exception;

        @Override
        default void close() throws SQLException {}
    }

    /** Creates the work of each thread. */
    interface WorkFactory {
        Work open(int thread) throws Exception;
    }

    static Outcome run(WorkFactory factory, int threads, Window window) throws Exception {
        List<Work> works = new ArrayList<>();
        for (int thread = 0; thread < threads; thread++) {
            works.add(factory.open(thread));
        }
        long begin = System.nanoTime() + window.warmUpMillis() * 1_000_000;
        long end = begin + window.measuredMillis() * 1_000_000;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Result>> tasks = new ArrayList<>();
            works.forEach(work -> tasks.add(() -> repeat(work, begin, end, threads == 1)));
            long units = 0;
            List<Double> times = List.of();
            for (Future<Result> done : executor.invokeAll(tasks)) {
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

    private record Result(long units, List<Double> times) {}

    private static Result repeat(Work work, long begin, long end, boolean timed) throws Exception {
        long units = 0;
        List<Double> times = new ArrayList<>();
        while (true) {
            long before = System.nanoTime();
            if (before >= end) {
                return new Result(units, times);
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
