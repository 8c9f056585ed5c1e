package dev.errand.artifact;

import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import jakarta.validation.constraints.NotBlank;

/**
 * A request for one artifact of a run (docs/wire/artifacts.md#i6, presign and download).
 *
 * @param storagePath the object key, as listed in the manifest
 */
public record ArtifactReadRequest(
        @ValidText(max = FinalizeItem.MAX_STORAGE_PATH_LENGTH) @NotBlank String storagePath) {

    /** Trims texts. */
    public ArtifactReadRequest {
        storagePath = Text.trimNullable(storagePath);
    }
}
