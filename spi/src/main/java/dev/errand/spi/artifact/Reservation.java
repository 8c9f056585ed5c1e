package dev.errand.spi.artifact;

import dev.errand.spi.Timestamps;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.Objects;

/**
 * A key that was issued for one upload and not used yet (contract H2, H6).
 *
 * @param task the task whose artifact it will be
 * @param id the id that finalize must present
 * @param storagePath the exact key the upload form is for
 * @param expiresAt from when on nobody may finalize it
 */
public record Reservation(TaskId task, ArtifactId id, String storagePath, Instant expiresAt) {

    /** Refuses null and cuts the time to the stored precision. */
    public Reservation {
        Objects.requireNonNull(task, "task");
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(storagePath, "storagePath");
        expiresAt = Timestamps.truncate(expiresAt);
    }
}
