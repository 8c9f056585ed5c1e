package dev.errand.artifact;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.json.Members;
import dev.errand.json.Text;
import dev.errand.spi.artifact.ArtifactType;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;
import java.util.Optional;

/**
 * One uploaded file that is to become usable (contract D8).
 *
 * @param id the id from prepare
 * @param name the file name; made safe (contract H3)
 * @param type what the file is for
 * @param source a free label, may be empty
 * @param storagePath the key from prepare
 * @param contentType the media type, may be empty
 */
public record FinalizeItem(
        @NotBlank String id,
        @NotBlank @Size(max = UploadLimits.MAX_NAME_LENGTH) String name,
        ArtifactType type,
        @JsonProperty(defaultValue = "\"\"") @Size(max = UploadLimits.MAX_SOURCE_LENGTH)
                String source,
        @NotBlank @Size(max = UploadLimits.MAX_STORAGE_PATH_LENGTH) String storagePath,
        Optional<@Size(max = UploadLimits.MAX_CONTENT_TYPE_LENGTH) String> contentType) {

    private static final Members<FinalizeItem> MEMBERS =
            Members.of(FinalizeItem.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public FinalizeItem {
        id = Text.trim(id);
        name = Text.trim(name);
        source = Text.trim(source);
        storagePath = Text.trim(storagePath);
        contentType = Text.trim(contentType);
        MEMBERS.check(id, name, type, source, storagePath, contentType);
    }
}
