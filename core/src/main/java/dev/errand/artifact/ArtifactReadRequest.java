package dev.errand.artifact;

import dev.errand.json.Members;
import dev.errand.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;

/**
 * A request for one artifact of a run (contract I6, presign and download).
 *
 * @param storagePath its key, as the manifest has it
 */
public record ArtifactReadRequest(
        @NotBlank @Size(max = UploadLimits.MAX_STORAGE_PATH_LENGTH) String storagePath) {

    private static final Members<ArtifactReadRequest> MEMBERS =
            Members.of(ArtifactReadRequest.class, MethodHandles.lookup());

    /**
     * Checks the member.
     *
     * @throws dev.errand.error.InvalidRequestException if it is not valid
     */
    public ArtifactReadRequest {
        storagePath = Text.trim(storagePath);
        MEMBERS.check(storagePath);
    }
}
