package dev.errand.run;

import dev.errand.json.Json;
import dev.errand.json.JsonObjectValue;
import dev.errand.json.Members;
import dev.errand.json.Patch;
import dev.errand.json.Text;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.RunStatus;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.lang.invoke.MethodHandles;
import java.util.List;
import java.util.Optional;

/**
 * A request to change a run (contract I2): only what is said changes, all of it in one step.
 *
 * @param status the status to move to (contract G3)
 * @param branch the working branch
 * @param stage the progress label
 * @param output the result: an object is merged, anything else replaces
 * @param state members to merge into the state document (contract F)
 * @param stateRemoveKeys members to remove from the state document first
 * @param errorMessage why the run failed
 * @param environment {@code local}: back to a person (contract G5)
 */
public record UpdateRunRequest(
        Optional<RunStatus> status,
        Patch<@Size(max = RunLimits.MAX_BRANCH_LENGTH) @NotBlank String> branch,
        Patch<@Size(max = RunLimits.MAX_STAGE_LENGTH) @NotBlank String> stage,
        Patch<JsonText> output,
        @JsonObjectValue Optional<JsonText> state,
        Optional<@Size(min = 1) List<@NotBlank String>> stateRemoveKeys,
        Patch<String> errorMessage,
        Optional<LocalOnly> environment) {

    private static final Members<UpdateRunRequest> MEMBERS =
            Members.of(UpdateRunRequest.class, MethodHandles.lookup());

    /**
     * Checks every member, then the rules between them.
     *
     * @throws dev.errand.error.InvalidRequestException if any does not hold, with all that do not
     */
    public UpdateRunRequest {
        branch = Text.trim(branch);
        stage = Text.trim(stage);
        output = Json.orNone(output);
        stateRemoveKeys = stateRemoveKeys.map(list -> list.stream().map(Text::trim).toList());
        errorMessage = Text.trim(errorMessage);
        MEMBERS.check(
                status, branch, stage, output, state, stateRemoveKeys, errorMessage, environment);
    }

    /** Begins a request in which nothing is said. */
    public static Builder builder() {
        return new Builder();
    }

    /** A request in the making; what is not set is left out. Not thread-safe. */
    public static final class Builder {
        private Optional<RunStatus> status = Optional.empty();
        private Patch<String> branch = Patch.absent();
        private Patch<String> stage = Patch.absent();
        private Patch<JsonText> output = Patch.absent();
        private Optional<JsonText> state = Optional.empty();
        private Optional<List<String>> stateRemoveKeys = Optional.empty();
        private Patch<String> errorMessage = Patch.absent();
        private Optional<LocalOnly> environment = Optional.empty();

        private Builder() {}

        /** Sets the status to move to (contract G3). */
        public Builder status(RunStatus value) {
            status = Optional.of(value);
            return this;
        }

        /** Sets the working branch. */
        public Builder branch(String value) {
            branch = Patch.set(value);
            return this;
        }

        /** Clears the working branch. */
        public Builder clearBranch() {
            branch = Patch.clear();
            return this;
        }

        /** Sets the progress label. */
        public Builder stage(String value) {
            stage = Patch.set(value);
            return this;
        }

        /** Clears the progress label. */
        public Builder clearStage() {
            stage = Patch.clear();
            return this;
        }

        /** Sets the result: an object is merged, anything else replaces. */
        public Builder output(JsonText value) {
            output = Patch.set(value);
            return this;
        }

        /** Clears the result: an object is merged, anything else replaces. */
        public Builder clearOutput() {
            output = Patch.clear();
            return this;
        }

        /** Sets members to merge into the state document (contract F). */
        public Builder state(JsonText value) {
            state = Optional.of(value);
            return this;
        }

        /** Sets members to remove from the state document first. */
        public Builder stateRemoveKeys(List<String> value) {
            stateRemoveKeys = Optional.of(value);
            return this;
        }

        /** Sets why the run failed. */
        public Builder errorMessage(String value) {
            errorMessage = Patch.set(value);
            return this;
        }

        /** Clears why the run failed. */
        public Builder clearErrorMessage() {
            errorMessage = Patch.clear();
            return this;
        }

        /** Sets {@code local}: back to a person (contract G5). */
        public Builder environment(LocalOnly value) {
            environment = Optional.of(value);
            return this;
        }

        /**
         * Makes the request.
         *
         * @throws dev.errand.error.InvalidRequestException if it is not valid
         */
        public UpdateRunRequest build() {
            return new UpdateRunRequest(
                    status,
                    branch,
                    stage,
                    output,
                    state,
                    stateRemoveKeys,
                    errorMessage,
                    environment);
        }
    }
}
