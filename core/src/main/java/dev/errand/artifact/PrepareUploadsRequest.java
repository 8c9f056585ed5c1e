package dev.errand.artifact;

import dev.errand.internal.json.Lists;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * A request for upload forms (docs/wire/artifacts.md#d7).
 *
 * @param artifacts the files, at least one
 */
public record PrepareUploadsRequest(
        @NotEmpty(message = "At least one artifact is required")
                List<@NotNull @Valid UploadItem> artifacts) {

    /** Copies lists. */
    public PrepareUploadsRequest {
        artifacts = Lists.copyOf(artifacts);
    }
}
