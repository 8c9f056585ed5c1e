package dev.errand.run;

import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;

/**
 * With which a host decides how urgent a run is, and how long it may take. Asked when a task is
 * run, and when a recorded run is to be started; what it answers is stored with the run when that
 * is queued. It may be asked again for the same run where others change it at the same time.
 *
 * <p>It is asked on the caller's thread, so it must be quick; what it throws, the caller meets, and
 * nothing was changed.
 */
@FunctionalInterface
public interface SchedulingPolicy {

    /** The default: all runs alike. */
    SchedulingPolicy DEFAULT = (task, run) -> RunScheduling.DEFAULT;

    /**
     * The terms of a run.
     *
     * @param task its task, with the project; its number is 0 as long as it was not stored
     * @param run the run as it is about to be queued, with its state; what it is owed is not to be
     *     relied upon
     */
    RunScheduling schedulingOf(Task task, Run run);
}
