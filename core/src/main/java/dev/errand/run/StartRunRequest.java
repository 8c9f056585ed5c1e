package dev.errand.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.json.Members;
import dev.errand.json.Text;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/**
 * A request to start a recorded cloud run (contract I3).
 *
 * @param pendingUserMessage text to deliver first; blank means none (contract E10)
 * @param pendingUserArtifactIds attachments to deliver first (contract E11)
 */
public record StartRunRequest(
        Optional<String> pendingUserMessage,
        @JsonProperty(defaultValue = "[]")
                List<@NotBlank @Size(max = RunLimits.MAX_ARTIFACT_ID_LENGTH) String>
                        pendingUserArtifactIds) {

    private static final Members<StartRunRequest> MEMBERS =
            Members.of(StartRunRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public StartRunRequest {
        pendingUserMessage = Text.trim(pendingUserMessage);
        pendingUserArtifactIds = pendingUserArtifactIds.stream().map(Text::trim).toList();
        MEMBERS.check(pendingUserMessage, pendingUserArtifactIds);
    }

    /** Begins a request in which nothing is said. */
    public static Builder builder() {
        return new Builder();
    }

    /** A request in the making; what is not set is left out. Not thread-safe. */
    public static final class Builder {
        private Optional<String> pendingUserMessage = Optional.empty();
        private List<String> pendingUserArtifactIds = List.of();

        private Builder() {}

        /** Sets text to deliver first; blank means none (contract E10). */
        public Builder pendingUserMessage(String value) {
            pendingUserMessage = Optional.of(value);
            return this;
        }

        /** Sets attachments to deliver first (contract E11). */
        public Builder pendingUserArtifactIds(List<String> value) {
            pendingUserArtifactIds = List.copyOf(value);
            return this;
        }

        /**
         * Makes the request.
         *
         * @throws dev.errand.error.InvalidRequestException if it is not valid
         */
        public StartRunRequest build() {
            return new StartRunRequest(pendingUserMessage, pendingUserArtifactIds);
        }
    }
}
