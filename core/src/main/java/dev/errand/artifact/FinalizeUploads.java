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
public record FinalizeUploads(
        @NotEmpty(message = "At least one artifact is required")
                List<@Valid FinalizeRequest> artifacts) {

    private static final Members<FinalizeUploads> MEMBERS =
            Members.of(FinalizeUploads.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.RequestRefused if any does not hold, with all that do not
     */
    public FinalizeUploads {
        artifacts = List.copyOf(artifacts);
        MEMBERS.check(artifacts);
    }
}
