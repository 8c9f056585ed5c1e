package dev.errand.artifact;

import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.artifact.UploadForm;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A reserved object key with the form that uploads to it (docs/wire/artifacts.md#d7).
 *
 * @param id the id to finalize the upload with
 * @param name the file name, without unsafe characters
 * @param type the purpose of the file
 * @param source a label for the origin of the file; may be empty
 * @param sizeInBytes the declared size
 * @param contentType the media type; may be empty
 * @param storagePath the object key
 * @param expiresIn the validity of the form
 * @param form the upload form
 * @param metadata the metadata of the request (docs/wire/artifacts.md#metadata)
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
        UploadForm form,
        Optional<JsonText> metadata) {

    /** Requires that no component is null. */
    public PreparedUpload {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(contentType, "contentType");
        Objects.requireNonNull(storagePath, "storagePath");
        Objects.requireNonNull(expiresIn, "expiresIn");
        Objects.requireNonNull(form, "form");
        Objects.requireNonNull(metadata, "metadata");
    }
}
