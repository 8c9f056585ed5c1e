package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.artifact.ArtifactType;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.Optional;

/**
 * One file that is to be uploaded (docs/wire/artifacts.md#d7).
 *
 * @param name the file name; made safe (docs/wire/artifacts.md#h3)
 * @param type what the file is for
 * @param source a free label, may be empty
 * @param size the declared size in bytes
 * @param contentType the media type, may be empty
 * @param metadata required for a bundle of skills (docs/wire/artifacts.md#metadata)
 */
@TypedFile.RequiredMetadata
public record UploadItem(
        @ValidText(max = UploadItem.MAX_NAME_LENGTH) @NotBlank String name,
        @NotNull ArtifactType type,
        @JsonProperty(defaultValue = "\"\"") @NotNull @ValidText(max = UploadItem.MAX_SOURCE_LENGTH)
                String source,
        @NotNull @Min(1) @Max(UploadItem.MAX_SIZE_IN_BYTES) Long size,
        Optional<@ValidText(max = UploadItem.MAX_CONTENT_TYPE_LENGTH) String> contentType,
        @AddedIn(ApiProfile.V2026_09) Optional<@Valid ArtifactMetadata> metadata)
        implements TypedFile {

    /** The maximum length of a file name, in characters. */
    public static final int MAX_NAME_LENGTH = 255;

    /** The maximum length of a source label, in characters. */
    public static final int MAX_SOURCE_LENGTH = 64;

    /** The maximum length of a media type, in characters. */
    public static final int MAX_CONTENT_TYPE_LENGTH = 255;

    /** The maximum size of a file: 30 MiB. PDF attachments are limited to 10 MiB. */
    public static final long MAX_SIZE_IN_BYTES = 31_457_280;

    /** Trims texts. */
    public UploadItem {
        name = Text.trimNullable(name);
        source = Text.trimNullable(source);
        contentType = Text.trim(contentType);
    }

    /** Creates an item without metadata. */
    public UploadItem(
            String name,
            ArtifactType type,
            String source,
            Long size,
            Optional<String> contentType) {
        this(name, type, source, size, contentType, Optional.empty());
    }
}
