package dev.errand.spi.task;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A task that is to be inserted; the store gives it its number.
 *
 * @param id chosen by the engine, never used before
 * @param details what the caller wrote
 * @param createdBy who creates it
 * @param createdAt when
 * @param reportLink the link to a signal report that is written with it (contract E7)
 */
public record NewTask(
        TaskId id,
        TaskDetails details,
        Optional<UserId> createdBy,
        Instant createdAt,
        Optional<ReportRelationship> reportLink) {

    /**
     * Checks that a link has a report to point at.
     *
     * @throws IllegalArgumentException if there is a link but no report
     */
    public NewTask {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(createdBy, "createdBy");
        Objects.requireNonNull(createdAt, "createdAt");
        if (reportLink.isPresent() && details.signalReport().isEmpty()) {
            throw new IllegalArgumentException("reportLink needs details.signalReport");
        }
    }

    /** The same task, which is to act on GitHub through a user's connection. */
    public NewTask withGithubUserIntegration(UUID githubUserIntegration) {
        return new NewTask(
                id,
                details.withGithubUserIntegration(githubUserIntegration),
                createdBy,
                createdAt,
                reportLink);
    }

    /** The first version of the task, under the number that the store allocated. */
    public Task numbered(ProjectId project, long number) {
        return new Task(
                project, id, number, 1, details, createdBy, createdAt, createdAt, Optional.empty());
    }
}
