package dev.errand.spi.task;

import java.time.Instant;
import java.util.Comparator;
import java.util.Objects;

/**
 * Where a task stands in every list of tasks: newest first, equal times by the greater id first
 * (contract D1).
 *
 * @param createdAt the task's creation time
 * @param id the task's id, the tie-break
 */
public record TaskPosition(Instant createdAt, TaskId id) {

    /** The order of lists. */
    public static final Comparator<TaskPosition> NEWEST_FIRST =
            Comparator.comparing(TaskPosition::createdAt)
                    .thenComparing(TaskPosition::id)
                    .reversed();

    /** Refuses null. */
    public TaskPosition {
        Objects.requireNonNull(createdAt, "createdAt");
        Objects.requireNonNull(id, "id");
    }

    /** The position of a task. */
    public static TaskPosition of(Task task) {
        return new TaskPosition(task.createdAt(), task.id());
    }
}
