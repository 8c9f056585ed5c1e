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
public record ArtifactOfRun(
        @NotBlank @Size(max = UploadLimits.MAX_STORAGE_PATH_LENGTH) String storagePath) {

    private static final Members<ArtifactOfRun> MEMBERS =
            Members.of(ArtifactOfRun.class, MethodHandles.lookup());

    /**
     * Checks the member.
     *
     * @throws dev.errand.RequestRefused if it is not valid
     */
    public ArtifactOfRun {
        storagePath = Text.trim(storagePath);
        MEMBERS.check(storagePath);
    }
}
