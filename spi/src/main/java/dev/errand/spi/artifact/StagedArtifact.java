package dev.errand.spi.artifact;

import dev.errand.spi.Timestamps;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Objects;

/**
 * A finalised upload that no run has consumed yet (docs/wire/artifacts.md#a5).
 *
 * @param task its task; runs of other tasks cannot consume it
 * @param artifact the manifest entry that it becomes
 * @param expiresAt the time from which no run can consume it
 */
public record StagedArtifact(TaskId task, Artifact artifact, Instant expiresAt) {

    /** Rejects null components and truncates the time to the stored precision. */
    public StagedArtifact {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(artifact, "artifact");
        expiresAt = Timestamps.truncate(expiresAt);
    }
}
