package dev.errand.spi.artifact;

import dev.errand.spi.Timestamps;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Objects;

/**
 * A finalised upload that waits for a run (contract A5).
 *
 * @param task the task it was staged for; no run of another task can consume it
 * @param artifact the manifest entry it will become, unchanged
 * @param expiresAt from when on no run can consume it
 */
public record StagedArtifact(TaskId task, Artifact artifact, Instant expiresAt) {

    /** Refuses null and cuts the time to the stored precision. */
    public StagedArtifact {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(artifact, "artifact");
        expiresAt = Timestamps.truncate(expiresAt);
    }
}
