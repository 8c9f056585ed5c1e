package dev.errand.artifact;

import dev.errand.internal.json.Lists;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.List;

/**
 * A request to make uploads usable (docs/wire/artifacts.md#d8).
 *
 * @param artifacts the files, at least one
 */
public record FinalizeUploadsRequest(
        @NotEmpty(message = "At least one artifact is required")
                List<@NotNull @Valid FinalizeItem> artifacts) {

    /** Copies lists. */
    public FinalizeUploadsRequest {
        artifacts = Lists.copyOf(artifacts);
    }
}
