package dev.errand.spi.store;

import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.util.Objects;
import java.util.Optional;

/**
 * A task with its latest run, as every read of a task returns it (docs/wire/tasks.md#a9).
 *
 * @param task the task
 * @param latestRun its last run by {@link Run#BY_AGE}; empty if it has no run
 */
public record TaskWithLatestRun(Task task, Optional<Run> latestRun) {

    /** Rejects null components. */
    public TaskWithLatestRun {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(latestRun, "latestRun");
    }
}
