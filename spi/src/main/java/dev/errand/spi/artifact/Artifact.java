package dev.errand.spi.artifact;

import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.Objects;

/**
 * One entry of a run's manifest, and a staged artifact before a run consumes it (contract A4, A5).
 *
 * @param id the server's id
 * @param name the safe name (contract H3)
 * @param type what it is for
 * @param source a free label, {@code ""} when not given
 * @param sizeInBytes the size as measured in storage
 * @param contentType the media type, {@code ""} when unknown
 * @param storagePath the object's key; clients treat it as opaque
 * @param uploadedAt when it was finalised or uploaded
 */
public record Artifact(
        ArtifactId id,
        String name,
        ArtifactType type,
        String source,
        long sizeInBytes,
        String contentType,
        String storagePath,
        Instant uploadedAt) {

    /** Refuses null and cuts the time to the stored precision. */
    public Artifact {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(storagePath, "storagePath");
        uploadedAt = Timestamps.truncate(uploadedAt);
    }
}
