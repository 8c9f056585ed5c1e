package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.json.Text;
import dev.errand.request.ValidText;
import dev.errand.spi.artifact.ArtifactType;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;

/**
 * One uploaded file to finalize, so that it can be used (docs/wire/artifacts.md#d8).
 *
 * @param id the id that {@code prepare_upload/} returned
 * @param name the file name; made safe (docs/wire/artifacts.md#h3)
 * @param type what the file is for
 * @param source a free label, may be empty
 * @param storagePath the key that {@code prepare_upload/} returned
 * @param contentType the media type, may be empty
 */
public record FinalizeItem(
        @ValidText @NotBlank String id,
        @ValidText(max = UploadLimits.MAX_NAME_LENGTH) @NotBlank String name,
        @NotNull ArtifactType type,
        @JsonProperty(defaultValue = "\"\"")
                @NotNull
                @ValidText(max = UploadLimits.MAX_SOURCE_LENGTH)
                String source,
        @ValidText(max = UploadLimits.MAX_STORAGE_PATH_LENGTH) @NotBlank String storagePath,
        Optional<@ValidText(max = UploadLimits.MAX_CONTENT_TYPE_LENGTH) String> contentType) {

    /** Trims texts. */
    public FinalizeItem {
        id = Text.trimNullable(id);
        name = Text.trimNullable(name);
        source = Text.trimNullable(source);
        storagePath = Text.trimNullable(storagePath);
        contentType = Text.trim(contentType);
    }
}
