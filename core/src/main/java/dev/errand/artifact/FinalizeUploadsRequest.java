package dev.errand.artifact;

import dev.errand.json.Members;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A request to make uploads usable (contract D8).
 *
 * @param artifacts the files, at least one
 */
public record FinalizeUploadsRequest(
        @NotEmpty(message = "At least one artifact is required")
                List<@Valid FinalizeItem> artifacts) {

    private static final Members<FinalizeUploadsRequest> MEMBERS =
            Members.of(FinalizeUploadsRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public FinalizeUploadsRequest {
        artifacts = List.copyOf(artifacts);
        MEMBERS.check(artifacts);
    }
}
