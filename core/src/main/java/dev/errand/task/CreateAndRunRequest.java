package dev.errand.task;

import dev.errand.run.RunTaskRequest;
import jakarta.validation.Valid;
import java.util.Objects;

/**
 * A request to create a task and to run it.
 *
 * @param task the task (docs/wire/tasks.md#d2)
 * @param run its first run (docs/wire/starting-runs.md#d6); without attachments, which can be
 *     staged only for a task that exists already
 */
public record CreateAndRunRequest(@Valid CreateTaskRequest task, @Valid RunTaskRequest run) {

    /** Requires that no component is null. */
    public CreateAndRunRequest {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(run, "run");
    }
}
