package dev.errand.run;

import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.JsonObjectValue;
import dev.errand.internal.constraints.NotJsonNull;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.request.Patch;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.RunStatus;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;

/**
 * A request to change a run (docs/wire/runs.md#i2). Members that are absent do not change; the
 * others change in one step.
 *
 * @param status the status to move to (docs/wire/runs.md#g3)
 * @param branch the working branch
 * @param stage the progress label
 * @param output the result: an object is merged, anything else replaces
 * @param state members to merge into the state document (docs/wire/runs.md#f)
 * @param stateRemoveKeys members to remove from the state document first
 * @param stateAppend items to append to lists of the state document, last (docs/wire/runs.md#l10)
 * @param errorMessage why the run failed
 * @param environment {@code local} hands the run off to a person (docs/wire/runs.md#g5)
 */
public record UpdateRunRequest(
        Optional<RunStatus> status,
        Patch<@ValidText(max = RunLimits.MAX_BRANCH_LENGTH) @NotBlank @BranchName String> branch,
        Patch<@ValidText(max = RunLimits.MAX_STAGE_LENGTH) @NotBlank String> stage,
        Patch<JsonText> output,
        Optional<@NotJsonNull @JsonObjectValue JsonText> state,
        Optional<@Size(min = 1) List<@ValidText @NotBlank String>> stateRemoveKeys,
        @AddedIn(ApiProfile.V2026_09) Optional<@NotJsonNull @JsonObjectValue JsonText> stateAppend,
        Patch<@ValidText String> errorMessage,
        Optional<HandOffTarget> environment) {

    /** Trims texts and copies lists. */
    public UpdateRunRequest {
        branch = branch.map(Text::trim);
        stage = stage.map(Text::trim);
        output = output.clearedBy(JsonText.NULL);
        stateRemoveKeys = stateRemoveKeys.map(Text::trim);
        errorMessage = errorMessage.map(Text::trim);
    }

    /** Returns a copy that changes neither the status nor the error message. */
    public UpdateRunRequest withoutStatus() {
        return new UpdateRunRequest(
                Optional.empty(),
                branch,
                stage,
                output,
                state,
                stateRemoveKeys,
                stateAppend,
                Patch.absent(),
                environment);
    }

    /** Returns a builder with no member set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Builder for {@link UpdateRunRequest}. Members that are not set are absent. Not thread-safe.
     */
    public static final class Builder {
        private Optional<RunStatus> status = Optional.empty();
        private Patch<String> branch = Patch.absent();
        private Patch<String> stage = Patch.absent();
        private Patch<JsonText> output = Patch.absent();
        private Optional<JsonText> state = Optional.empty();
        private Optional<List<String>> stateRemoveKeys = Optional.empty();
        private Optional<JsonText> stateAppend = Optional.empty();
        private Patch<String> errorMessage = Patch.absent();
        private Optional<HandOffTarget> environment = Optional.empty();

        private Builder() {}

        /** Sets the status to move to (docs/wire/runs.md#g3). */
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

        /** Clears the output. */
        public Builder clearOutput() {
            output = Patch.clear();
            return this;
        }

        /** Sets members to merge into the state document (docs/wire/runs.md#f). */
        public Builder state(JsonText value) {
            state = Optional.of(value);
            return this;
        }

        /** Sets members to remove from the state document first. */
        public Builder stateRemoveKeys(List<String> value) {
            stateRemoveKeys = Optional.of(value);
            return this;
        }

        /** Sets items to append to lists of the state document, last (docs/wire/runs.md#l10). */
        public Builder stateAppend(JsonText value) {
            stateAppend = Optional.of(value);
            return this;
        }

        /** Sets why the run failed. */
        public Builder errorMessage(String value) {
            errorMessage = Patch.set(value);
            return this;
        }

        /** Clears the error message. */
        public Builder clearErrorMessage() {
            errorMessage = Patch.clear();
            return this;
        }

        /** Hands the run off to a person (docs/wire/runs.md#g5). */
        public Builder handOff() {
            environment = Optional.of(HandOffTarget.LOCAL);
            return this;
        }

        /** Returns the request, which the engine will validate. */
        public UpdateRunRequest build() {
            return new UpdateRunRequest(
                    status,
                    branch,
                    stage,
                    output,
                    state,
                    stateRemoveKeys,
                    stateAppend,
                    errorMessage,
                    environment);
        }
    }

    /**
     * The only environment that an update may name: a run is handed off to a person, never to the
     * cloud (docs/wire/runs.md#g5).
     */
    public enum HandOffTarget implements WireValue {
        LOCAL("local");

        private final String wire;

        HandOffTarget(String wire) {
            this.wire = wire;
        }

        @Override
        public String wire() {
            return wire;
        }
    }
}
