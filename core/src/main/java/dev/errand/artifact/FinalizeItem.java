package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.artifact.ArtifactType;
import jakarta.validation.Valid;
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
 * @param metadata required for a bundle of skills (docs/wire/artifacts.md#metadata)
 */
@TypedFile.RequiredMetadata
public record FinalizeItem(
        @ValidText @NotBlank String id,
        @ValidText(max = UploadItem.MAX_NAME_LENGTH) @NotBlank String name,
        @NotNull ArtifactType type,
        @JsonProperty(defaultValue = "\"\"") @NotNull @ValidText(max = UploadItem.MAX_SOURCE_LENGTH)
                String source,
        @ValidText(max = FinalizeItem.MAX_STORAGE_PATH_LENGTH) @NotBlank String storagePath,
        Optional<@ValidText(max = UploadItem.MAX_CONTENT_TYPE_LENGTH) String> contentType,
        @AddedIn(ApiProfile.V2026_09) Optional<@Valid ArtifactMetadata> metadata)
        implements TypedFile {

    /** The maximum length of a {@code storage_path} in a request, in characters. */
    public static final int MAX_STORAGE_PATH_LENGTH = 500;

    /** Trims texts. */
    public FinalizeItem {
        id = Text.trimNullable(id);
        name = Text.trimNullable(name);
        source = Text.trimNullable(source);
        storagePath = Text.trimNullable(storagePath);
        contentType = Text.trim(contentType);
    }

    /** Creates an item without metadata. */
    public FinalizeItem(
            String id,
            String name,
            ArtifactType type,
            String source,
            String storagePath,
            Optional<String> contentType) {
        this(id, name, type, source, storagePath, contentType, Optional.empty());
    }
}
