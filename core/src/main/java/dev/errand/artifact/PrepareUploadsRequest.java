package dev.errand.artifact;

import dev.errand.json.Members;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A request for upload forms (contract D7).
 *
 * @param artifacts the files, at least one
 */
public record PrepareUploadsRequest(
        @NotEmpty(message = "At least one artifact is required")
                List<@Valid UploadItem> artifacts) {

    private static final Members<PrepareUploadsRequest> MEMBERS =
            Members.of(PrepareUploadsRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public PrepareUploadsRequest {
        artifacts = List.copyOf(artifacts);
        MEMBERS.check(artifacts);
    }
}
