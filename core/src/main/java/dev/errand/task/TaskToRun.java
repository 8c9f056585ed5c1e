package dev.errand.task;

import dev.errand.run.RunTask;
import java.util.Objects;

/**
 * A task that is to be created and run at once.
 *
 * @param task the task (contract D2)
 * @param run its first run (contract D6); without attachments, which can only be staged for a task
 *     that stands
 */
public record TaskToRun(CreateTask task, RunTask run) {

    /** Refuses null. */
    public TaskToRun {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
    }
}
