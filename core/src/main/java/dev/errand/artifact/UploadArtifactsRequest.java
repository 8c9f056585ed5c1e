package dev.errand.artifact;

import dev.errand.internal.json.Lists;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * A request to upload inline files to a run (docs/wire/artifacts.md#i6).
 *
 * @param artifacts the files, at least one
 */
public record UploadArtifactsRequest(
        @NotEmpty(message = "At least one artifact is required")
                List<@NotNull @Valid InlineArtifact> artifacts) {

    /** Copies lists. */
    public UploadArtifactsRequest {
        artifacts = Lists.copyOf(artifacts);
    }
}
