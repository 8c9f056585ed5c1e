package dev.errand.artifact;

import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.UploadForm;
import java.time.Duration;
import java.util.Objects;

/**
 * A reserved key with the form to upload to it (contract D7).
 *
 * @param id the id that finalize must present
 * @param name the safe name
 * @param type what it is for
 * @param source a free label, may be empty
 * @param sizeInBytes the declared size
 * @param contentType the media type, may be empty
 * @param storagePath the key
 * @param expiresIn how long the form works
 * @param form the form
 */
public record PreparedUpload(
        ArtifactId id,
        String name,
        ArtifactType type,
        String source,
        long sizeInBytes,
        String contentType,
        String storagePath,
        Duration expiresIn,
        UploadForm form) {

    /** Refuses null. */
    public PreparedUpload {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(storagePath, "storagePath");
        Objects.requireNonNull(expiresIn, "expiresIn");
        Objects.requireNonNull(form, "form");
    }
}
