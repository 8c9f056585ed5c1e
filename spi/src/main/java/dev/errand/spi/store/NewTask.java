package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A task to be inserted. The store assigns its number.
 *
 * @param id a new id, chosen by the engine
 * @param details the members that callers can set
 * @param createdBy the user who creates it
 * @param createdAt creation time
 * @param reportRelationship how the task relates to its signal report (docs/wire/tasks.md#e7)
 */
public record NewTask(
        TaskId id,
        TaskDetails details,
        Optional<UserId> createdBy,
        Instant createdAt,
        Optional<ReportRelationship> reportRelationship) {

    /**
     * Checks that there is a report if there is a relationship.
     *
     * @throws IllegalArgumentException if there is a relationship but no report
     */
    public NewTask {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(createdAt, "createdAt");
        if (reportRelationship.isPresent() && details.signalReport().isEmpty()) {
            throw new IllegalArgumentException("reportRelationship needs details.signalReport");
        }
    }

    /** Returns a copy with the given user-level GitHub connection. */
    public NewTask withGithubUserIntegration(UUID githubUserIntegration) {
        return new NewTask(
                id,
                details.withGithubUserIntegration(githubUserIntegration),
                createdBy,
                createdAt,
                reportRelationship);
    }

    /** Returns the first version of the task under the number that the store assigned. */
    public Task numbered(ProjectId project, long number) {
        return new Task(
                project, id, number, 1, details, createdBy, createdAt, createdAt, Optional.empty());
    }
}
