package dev.errand.spi.store;

import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * A run to be inserted.
 *
 * @param run its first version, with an empty manifest
 * @param entry its queue entry if it is queued at once
 * @param consumes the ids of the staged artifacts that become its manifest, in this order, each
 *     once
 * @param githubUserIntegration the GitHub connection that the run uses; it is recorded on the task
 *     if the task has none
 */
public record NewRun(
        Run run,
        Optional<QueueEntry> entry,
        List<ArtifactId> consumes,
        Optional<UUID> githubUserIntegration) {

    /**
     * Copies the list.
     *
     * @throws IllegalArgumentException if the run is not at version 1
     */
    public NewRun {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(entry, "entry");
        consumes = List.copyOf(consumes);
        Objects.requireNonNull(githubUserIntegration, "githubUserIntegration");
        if (run.version() != 1) {
            throw new IllegalArgumentException("a new run has version 1, not " + run.version());
        }
    }

    /** Creates a run that leaves its task unchanged. */
    public NewRun(StoredRun stored, List<ArtifactId> consumes) {
        this(stored.run(), stored.entry(), consumes, Optional.empty());
    }

    /**
     * Returns the task after the insertion: its next version if the GitHub connection is recorded,
     * otherwise the same instance.
     */
    public Task withRecordedConnection(Task task) {
        return githubUserIntegration.isEmpty() || task.details().githubUserIntegration().isPresent()
                ? task
                : task.withDetails(
                        task.details().withGithubUserIntegration(githubUserIntegration.get()),
                        run.createdAt());
    }

    /** Returns the run together with its queue entry. */
    public StoredRun stored() {
        return new StoredRun(run, entry);
    }
}
