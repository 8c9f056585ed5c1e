package dev.errand.artifact;

import dev.errand.json.Members;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A request that brings files to a run (contract I6).
 *
 * @param artifacts the files, at least one
 */
public record UploadArtifactsRequest(
        @NotEmpty(message = "At least one artifact is required")
                List<@Valid InlineArtifact> artifacts) {

    private static final Members<UploadArtifactsRequest> MEMBERS =
            Members.of(UploadArtifactsRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public UploadArtifactsRequest {
        artifacts = List.copyOf(artifacts);
        MEMBERS.check(artifacts);
    }
}
