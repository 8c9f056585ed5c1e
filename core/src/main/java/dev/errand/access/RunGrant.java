package dev.errand.access;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.task.TaskId;
import java.util.Objects;

/**
 * The permission that a sandbox token grants: to change one run as long as its attempt is the
 * latest, and to read the task, this run and the runs that it resumes. After the end of the run,
 * only late reports are permitted (docs/wire/authentication.md#c1). Immutable.
 *
 * @param project the project
 * @param task the task, which can be read
 * @param run the run, which can be changed
 * @param attempt the number of the attempt that the sandbox executes
 */
public record RunGrant(ProjectId project, TaskId task, RunId run, int attempt) {

    /** Requires that no component is null. */
    public RunGrant {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
    }

    /** Returns the id of the sandbox. */
    public SandboxId sandbox() {
        return new SandboxId(project, task, run, attempt);
    }
}
