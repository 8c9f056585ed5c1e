package dev.errand.spi.store;

import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/**
 * The position of a task in every list of tasks (docs/wire/tasks.md#d1).
 *
 * @param createdAt the creation time of the task
 * @param id the id of the task, which breaks ties
 */
public record TaskPosition(Instant createdAt, TaskId id) {

    /** Newest first; tasks of the same time by descending id. */
    public static final Comparator<TaskPosition> NEWEST_FIRST =
            Comparator.comparing(TaskPosition::createdAt)
                    .thenComparing(TaskPosition::id)
                    .reversed();

    /** Rejects null components. */
    public TaskPosition {
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(id, "id");
    }

    /** Returns the position of a task. */
    public static TaskPosition of(Task task) {
        return new TaskPosition(task.createdAt(), task.id());
    }
}
