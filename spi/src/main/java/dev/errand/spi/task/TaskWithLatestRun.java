package dev.errand.spi.task;

import dev.errand.spi.run.Run;
import java.util.Objects;
import java.util.Optional;

/**
 * A task with its latest run, as every read of a task brings it (contract A9).
 *
 * @param task the task
 * @param latestRun its run with the greatest creation time, equal times decided by the greater id
 */
public record TaskWithLatestRun(Task task, Optional<Run> latestRun) {

    /** Refuses null. */
    public TaskWithLatestRun {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(latestRun, "latestRun");
    }
}
