package dev.errand.spi.artifact;

import dev.errand.spi.JsonText;
import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * An entry of a run's manifest. Until a run consumes it, it belongs to a {@link StagedArtifact}
 * (docs/wire/artifacts.md#a4, #a5).
 *
 * @param id its id, chosen by the server
 * @param name its safe name (docs/wire/artifacts.md#h3)
 * @param type its purpose
 * @param source a free-form label set by the client, {@code ""} if not given
 * @param sizeInBytes its size as measured in the object store
 * @param contentType its media type, {@code ""} if unknown
 * @param storagePath its key in the object store, which the wire calls {@code storage_path}; opaque
 *     to clients
 * @param uploadedAt when it was finalised or uploaded
 * @param metadata further data of the client, a JSON object (docs/wire/artifacts.md#metadata)
 */
public record Artifact(
        ArtifactId id,
        String name,
        ArtifactType type,
        String source,
        long sizeInBytes,
        String contentType,
        String storagePath,
        Instant uploadedAt,
        Optional<JsonText> metadata) {

    /** Rejects null components and truncates the time to the stored precision. */
    public Artifact {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(storagePath, "storagePath");
        Objects.requireNonNull(metadata, "metadata");
        uploadedAt = Timestamps.truncate(uploadedAt);
    }
}
