package dev.errand.access;

import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Objects;

/**
 * What the token of a sandbox is good for: one attempt of one run, and reading its task.
 *
 * @param project the project
 * @param task the task, which may be read with all its runs
 * @param run the run, which may be written
 * @param attempt the execution; a superseded one may write nothing
 */
public record RunGrant(ProjectId project, TaskId task, RunId run, int attempt) {

    /** Refuses null. */
    public RunGrant {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
    }

    /** The execution that holds it. */
    public SandboxId sandbox() {
        return new SandboxId(project, task, run, attempt);
    }
}
