package dev.errand.benchmarks.durable;

import java.util.Optional;

/**
 * A way to execute units of work durably: create a task with a queued run, claim the run, and
 * complete it.
 */
interface LifecycleCandidate {

    /** Returns the label in the table. */
    String label();

    /**
     * Executes units with the given number of threads, in a separate database that contains the
     * tables of all candidates.
     */
    Outcome measure(String url, int threads, Window window) throws Exception;

    /**
     * The duration of a measurement.
     *
     * @param warmUpMillis the time that is not measured
     * @param measuredMillis the time that is measured
     */
    record Window(long warmUpMillis, long measuredMillis) {}

    /**
     * The outcome of a measurement.
     *
     * @param unitsPerSecond the rate of completed units
     * @param medianMillis the median duration of a unit, if one thread executed them one after
     *     another
     */
    record Outcome(double unitsPerSecond, Optional<Double> medianMillis) {}
}
