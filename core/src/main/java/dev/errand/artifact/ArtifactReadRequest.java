package dev.errand.artifact;

import dev.errand.internal.json.Text;
import dev.errand.request.ValidText;
import jakarta.validation.constraints.NotBlank;
import org.hibernate.validator.constraints.CodePointLength;

/**
 * A request for one artifact of a run (docs/wire/artifacts.md#i6, presign and download).
 *
 * @param storagePath the object key, as listed in the manifest
 */
public record ArtifactReadRequest(
        @ValidText @NotBlank @CodePointLength(max = UploadLimits.MAX_STORAGE_PATH_LENGTH)
                String storagePath) {

    /** Trims texts. */
    public ArtifactReadRequest {
        storagePath = Text.trimNullable(storagePath);
    }
}
