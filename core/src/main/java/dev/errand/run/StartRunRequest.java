package dev.errand.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Optional;

/**
 * A request to start a cloud run that was created without being started
 * (docs/wire/starting-runs.md#i3).
 *
 * @param pendingUserMessage the first message for the agent; blank means none
 *     (docs/wire/starting-runs.md#e10)
 * @param pendingUserArtifactIds the attachments of that message (docs/wire/starting-runs.md#e11)
 */
public record StartRunRequest(
        Optional<@ValidText String> pendingUserMessage,
        @JsonProperty(defaultValue = "[]") @NotNull
                List<@ValidText(max = RunLimits.MAX_ARTIFACT_ID_LENGTH) @NotBlank String>
                        pendingUserArtifactIds) {

    /** Trims texts and copies lists. */
    public StartRunRequest {
        pendingUserMessage = Text.trim(pendingUserMessage);
        pendingUserArtifactIds = Text.trim(pendingUserArtifactIds);
    }

    /** Returns a builder with no member set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Builder for {@link StartRunRequest}. Members that are not set are absent. Not thread-safe.
     */
    public static final class Builder {
        private Optional<String> pendingUserMessage = Optional.empty();
        private List<String> pendingUserArtifactIds = List.of();

        private Builder() {}

        /**
         * Sets the first message for the agent; blank means none (docs/wire/starting-runs.md#e10).
         */
        public Builder pendingUserMessage(String value) {
            pendingUserMessage = Optional.of(value);
            return this;
        }

        /** Sets the attachments of the first message (docs/wire/starting-runs.md#e11). */
        public Builder pendingUserArtifactIds(List<String> value) {
            pendingUserArtifactIds = List.copyOf(value);
            return this;
        }

        /** Returns the request, which the engine will validate. */
        public StartRunRequest build() {
            return new StartRunRequest(pendingUserMessage, pendingUserArtifactIds);
        }
    }
}
