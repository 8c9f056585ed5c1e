package dev.errand.spi.store;

import java.util.Objects;
import java.util.Optional;

/**
 * A task to be inserted, optionally together with its first run.
 *
 * @param task the task
 * @param run its first run, with its queue entry; its manifest is empty, since artifacts can only
 *     be staged for a task that exists
 */
public record TaskInsertion(NewTask task, Optional<StoredRun> run) {

    /**
     * Checks that the run belongs to the task.
     *
     * @throws IllegalArgumentException if the run belongs to another task or has a manifest
     */
    public TaskInsertion {
        Objects.requireNonNull(task, "task");
        if (run.isPresent() && !run.get().run().task().equals(task.id())) {
            throw new IllegalArgumentException(
                    "run " + run.get().run().id() + " does not belong to task " + task.id());
        }
        if (run.isPresent() && !run.get().run().artifacts().isEmpty()) {
            throw new IllegalArgumentException(
                    "run " + run.get().run().id() + " has a manifest, but must have none");
        }
    }

    /** Returns a task to be inserted without a run. */
    public static TaskInsertion of(NewTask task) {
        return new TaskInsertion(task, Optional.empty());
    }
}
