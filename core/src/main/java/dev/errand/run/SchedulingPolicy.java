package dev.errand.run;

import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;

/**
 * Determines the priority and the timeouts of runs. Called when a task is run and when a created
 * run is started; the result is stored with the queued run. It may be called again for the same run
 * if the run is updated concurrently.
 *
 * <p>Implementations must be fast and thread-safe, because they are called on the thread of the
 * caller. An exception is thrown to the caller, and nothing is changed.
 */
@FunctionalInterface
public interface SchedulingPolicy {

    /** The default: all runs have {@link RunScheduling#DEFAULT}. */
    SchedulingPolicy DEFAULT = (task, run) -> RunScheduling.DEFAULT;

    /**
     * Returns the scheduling of a run.
     *
     * @param task the task; its number is 0 if the task is not stored yet
     * @param run the run that is about to be queued
     */
    RunScheduling schedulingOf(Task task, Run run);
}
