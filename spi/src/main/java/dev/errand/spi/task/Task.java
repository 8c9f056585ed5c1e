package dev.errand.spi.task;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Timestamps;
import dev.errand.spi.UserId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * A task: what an agent should do, and in which repository (docs/wire/tasks.md#a2). Immutable; a
 * change creates the next version.
 *
 * @param project the project it belongs to
 * @param id its id
 * @param number its number in the project, 0 or more, never reused (docs/wire/tasks.md#a8)
 * @param version 1 when created, incremented by each change
 * @param details the members that callers can set
 * @param createdBy the user who created it
 * @param createdAt creation time
 * @param updatedAt time of the last change; strictly increasing
 * @param deletedAt deletion time; deleted tasks are not visible (docs/wire/tasks.md#a10)
 */
public record Task(
        ProjectId project,
        TaskId id,
        long number,
        long version,
        TaskDetails details,
        Optional<UserId> createdBy,
        Instant createdAt,
        Instant updatedAt,
        Optional<Instant> deletedAt) {

    /**
     * Checks the numbers and truncates times to the stored precision.
     *
     * @throws IllegalArgumentException if {@code number} is negative or {@code version} is below 1
     */
    public Task {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(details, "details");
        Objects.requireNonNull(createdBy, "createdBy");
        if (number < 0 || version < 1) {
            throw new IllegalArgumentException(
                    "number must be 0 or more and version 1 or more, but number is "
                            + number
                            + " and version is "
                            + version);
        }
        createdAt = Timestamps.truncate(createdAt);
        updatedAt = Timestamps.truncate(updatedAt);
        deletedAt = Timestamps.truncate(deletedAt);
    }

    /** Whether the task was deleted. */
    public boolean isDeleted() {
        return deletedAt.isPresent();
    }

    /** Returns the next version of this task with other details. */
    public Task withDetails(TaskDetails changed, Instant now) {
        return new Task(
                project,
                id,
                number,
                version + 1,
                changed,
                createdBy,
                createdAt,
                Timestamps.nextAfter(updatedAt, now),
                deletedAt);
    }

    /** Returns the next version of this task, marked as deleted. */
    public Task markDeleted(Instant now) {
        Instant when = Timestamps.nextAfter(updatedAt, now);
        return new Task(
                project,
                id,
                number,
                version + 1,
                details,
                createdBy,
                createdAt,
                when,
                Optional.of(when));
    }
}
