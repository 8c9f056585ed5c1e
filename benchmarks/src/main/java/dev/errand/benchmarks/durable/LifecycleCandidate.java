package dev.errand.benchmarks.durable;

import java.util.Optional;

/**
 * One way to do units of work durably: a task is created with a queued run of it, the run is
 * claimed, and completed.
 */
interface LifecycleCandidate {

    /** What stands in the first column of the table. */
    String label();

    /**
     * Does units with so many threads in a database of its own, which has the tables of everybody.
     */
    Outcome measure(String url, int threads, Window window) throws Exception;

    /**
     * For how long.
     *
     * @param warmUpMillis before anything counts
     * @param measuredMillis what counts
     */
    record Window(long warmUpMillis, long measuredMillis) {}

    /**
     * What came of it.
     *
     * @param unitsPerSecond how many were completed
     * @param medianMillis of one unit from begin to end, where one thread does one after the other
     */
    record Outcome(double unitsPerSecond, Optional<Double> medianMillis) {}
}
