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
public record PrepareUploads(
        @NotEmpty(message = "At least one artifact is required")
                List<@Valid UploadRequest> artifacts) {

    private static final Members<PrepareUploads> MEMBERS =
            Members.of(PrepareUploads.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.RequestRefused if any does not hold, with all that do not
     */
    public PrepareUploads {
        artifacts = List.copyOf(artifacts);
        MEMBERS.check(artifacts);
    }
}
