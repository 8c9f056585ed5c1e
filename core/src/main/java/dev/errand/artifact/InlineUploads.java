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
public record InlineUploads(
        @NotEmpty(message = "At least one artifact is required")
                List<@Valid InlineUpload> artifacts) {

    private static final Members<InlineUploads> MEMBERS =
            Members.of(InlineUploads.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.RequestRefused if any does not hold, with all that do not
     */
    public InlineUploads {
        artifacts = List.copyOf(artifacts);
        MEMBERS.check(artifacts);
    }
}
