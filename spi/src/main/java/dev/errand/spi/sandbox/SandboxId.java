package dev.errand.spi.sandbox;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Objects;

/**
 * Identifies the sandbox of one attempt of a run.
 *
 * @param project the run's project
 * @param task the run's task
 * @param run the run
 * @param attempt the number of the attempt, 1 or more
 */
public record SandboxId(ProjectId project, TaskId task, RunId run, int attempt) {

    /**
     * Checks the attempt.
     *
     * @throws IllegalArgumentException if {@code attempt} is below 1
     */
    public SandboxId {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
        if (attempt < 1) {
            throw new IllegalArgumentException("attempt must be 1 or more, not " + attempt);
        }
    }

    /** Returns the id of the sandbox of the run's current attempt. */
    public static SandboxId of(Run run) {
        return new SandboxId(run.project(), run.task(), run.id(), run.attempt());
    }

    /** Returns {@code task-processing-<task>-<run>/<attempt>} (docs/wire/runs.md#g6). */
    @Override
    public String toString() {
        return "task-processing-" + task + "-" + run + "/" + attempt;
    }
}
