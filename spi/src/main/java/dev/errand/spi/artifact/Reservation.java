package dev.errand.spi.artifact;

import dev.errand.spi.Timestamps;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Objects;

/**
 * A key that was issued for one upload (docs/wire/artifacts.md#h2, #h6).
 *
 * @param task the task of the artifact
 * @param id the id with which the upload is finalised
 * @param storagePath the object key to which the upload form writes, which the wire calls {@code
 *     storage_path}
 * @param expiresAt the time from which the upload cannot be finalised
 */
public record Reservation(TaskId task, ArtifactId id, String storagePath, Instant expiresAt) {

    /** Rejects null components and truncates the time to the stored precision. */
    public Reservation {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(storagePath, "storagePath");
        expiresAt = Timestamps.truncate(expiresAt);
    }
}
