package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.json.Members;
import dev.errand.json.Text;
import dev.errand.spi.artifact.ArtifactType;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * One file that is to be uploaded (contract D7).
 *
 * @param name the file name; made safe (contract H3)
 * @param type what the file is for
 * @param source a free label, may be empty
 * @param size the declared size in bytes
 * @param contentType the media type, may be empty
 */
public record UploadItem(
        @NotBlank @Size(max = UploadLimits.MAX_NAME_LENGTH) String name,
        ArtifactType type,
        @JsonProperty(defaultValue = "\"\"") @Size(max = UploadLimits.MAX_SOURCE_LENGTH)
                String source,
        @Min(1) @Max(UploadLimits.MAX_SIZE_IN_BYTES) long size,
        Optional<@Size(max = UploadLimits.MAX_CONTENT_TYPE_LENGTH) String> contentType) {

    private static final Members<UploadItem> MEMBERS =
            Members.of(UploadItem.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public UploadItem {
        name = Text.trim(name);
        source = Text.trim(source);
        contentType = Text.trim(contentType);
        MEMBERS.check(name, type, source, size, contentType);
    }
}
