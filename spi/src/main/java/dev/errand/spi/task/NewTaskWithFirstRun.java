package dev.errand.spi.task;

import dev.errand.spi.run.Run;
import java.util.Objects;
import java.util.Optional;

/**
 * A task that is to be inserted with its first run, if it brings one.
 *
 * @param task the task
 * @param run its first run; of the same task, and with an empty manifest, for nothing can be staged
 *     for a task before it stands
 */
public record NewTaskWithFirstRun(NewTask task, Optional<Run> run) {

    /**
     * Checks that the two belong together.
     *
     * @throws IllegalArgumentException if the run is of another task, or has a manifest
     */
    public NewTaskWithFirstRun {
        Objects.requireNonNull(task, "task");
        if (run.isPresent() && !run.get().task().equals(task.id())) {
            throw new IllegalArgumentException(
                    "run " + run.get().id() + " is not of task " + task.id());
        }
        if (run.isPresent() && !run.get().artifacts().isEmpty()) {
            throw new IllegalArgumentException("run " + run.get().id() + " has a manifest");
        }
    }

    /** Returns a task to be inserted without a run. */
    public static NewTaskWithFirstRun withoutRun(NewTask task) {
        return new NewTaskWithFirstRun(task, Optional.empty());
    }
}
