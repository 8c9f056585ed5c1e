package dev.errand.run;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.NullAllowed;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.profile.ApiProfile;
import dev.errand.profile.ProfileGroup;
import dev.errand.spi.Secret;
import dev.errand.spi.run.ContextWindow;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.run.RuntimeAdapter;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request to run a task in the cloud (docs/wire/starting-runs.md#d6).
 *
 * @param mode interactive or background
 * @param branch the branch to start from
 * @param resumeFromRunId the run of the same task whose settings are inherited
 *     (docs/wire/starting-runs.md#e5)
 * @param pendingUserMessage the first message for the agent; blank means none
 *     (docs/wire/starting-runs.md#e10)
 * @param pendingUserArtifactIds the attachments of that message (docs/wire/starting-runs.md#e11)
 * @param sandboxEnvironmentId the sandbox environment to use (docs/wire/starting-runs.md#e12)
 * @param customImageId the image to start the sandbox from (docs/wire/starting-runs.md#l6)
 * @param prAuthorshipMode in whose name pull requests are opened (docs/wire/user-authorship.md#e4)
 * @param autoPublish whether the agent opens a draft pull request unasked
 * @param runSource what triggers the run
 * @param signalReportId the report that triggers the run; stored, not looked up
 * @param runtimeAdapter the agent program family (docs/wire/runtime-selection.md#e2)
 * @param model the model (docs/wire/runtime-selection.md#e2)
 * @param reasoningEffort how hard the model thinks (docs/wire/runtime-selection.md#e3)
 * @param contextWindow the size of the context window
 * @param fastMode whether the model answers faster, at a higher price
 * @param githubUserToken a secret: the caller's GitHub token (docs/wire/user-authorship.md#e4)
 * @param initialPermissionMode what the agent may do without asking, until the mode is changed
 *     (docs/wire/runtime-selection.md#e1)
 * @param rtkEnabled whether the agent may shorten the output of commands; absent for its default
 */
@SupportedPermissionMode(profile = ApiProfile.V2026_05, groups = ProfileGroup.In2026_05.class)
@SupportedPermissionMode(profile = ApiProfile.V2026_09, groups = ProfileGroup.In2026_09.class)
@CompleteRuntimeSelection
public record RunTaskRequest(
        @JsonProperty(defaultValue = "\"background\"") @NotNull ExecutionMode mode,
        @NullAllowed
                Optional<
                                @ValidText(mayBeEmpty = false, max = RunLimits.MAX_BRANCH_LENGTH)
                                @BranchName String>
                        branch,
        Optional<UUID> resumeFromRunId,
        Optional<@ValidText String> pendingUserMessage,
        @JsonProperty(defaultValue = "[]") @NotNull
                List<@ValidText(max = RunLimits.MAX_ARTIFACT_ID_LENGTH) @NotBlank String>
                        pendingUserArtifactIds,
        Optional<UUID> sandboxEnvironmentId,
        @AddedIn(ApiProfile.V2026_09) Optional<UUID> customImageId,
        Optional<PrAuthorshipMode> prAuthorshipMode,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<Boolean> autoPublish,
        Optional<RunSource> runSource,
        Optional<@ValidText(mayBeEmpty = false) String> signalReportId,
        Optional<RuntimeAdapter> runtimeAdapter,
        Optional<@ValidText(mayBeEmpty = false) String> model,
        Optional<@ModelEffort ReasoningEffort> reasoningEffort,
        @AddedIn(ApiProfile.V2026_09) Optional<ContextWindow> contextWindow,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<Boolean> fastMode,
        @JsonProperty(access = JsonProperty.Access.WRITE_ONLY)
                Optional<@ValidText(mayBeEmpty = false) String> githubUserToken,
        Optional<PermissionMode> initialPermissionMode,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<Boolean> rtkEnabled)
        implements RuntimeRequest {

    /** Trims texts and copies lists. */
    public RunTaskRequest {
        branch = Text.trim(branch);
        pendingUserMessage = Text.trim(pendingUserMessage);
        pendingUserArtifactIds = Text.trim(pendingUserArtifactIds);
        signalReportId = Text.trim(signalReportId);
        model = Text.trim(model);
        githubUserToken = Text.trim(githubUserToken);
    }

    /** Returns a builder with no member set. */
    public static Builder builder() {
        return new Builder();
    }

    /** Hides the token. */
    @Override
    public String toString() {
        return "RunTaskRequest[mode="
                + mode
                + ", branch="
                + branch
                + ", selection="
                + selection()
                + "]";
    }

    @Override
    public RuntimeSelection selection() {
        return new RuntimeSelection(runtimeAdapter, model, reasoningEffort);
    }

    @Override
    public AgentSettings agentSettings() {
        return new AgentSettings(customImageId, autoPublish, contextWindow, fastMode, rtkEnabled);
    }

    /** The GitHub token as a secret. */
    public Optional<Secret> githubUserSecret() {
        return githubUserToken.map(Secret::of);
    }

    /** Builder for {@link RunTaskRequest}. Members that are not set are absent. Not thread-safe. */
    public static final class Builder {
        private ExecutionMode mode = ExecutionMode.BACKGROUND;
        private Optional<String> branch = Optional.empty();
        private Optional<UUID> resumeFromRunId = Optional.empty();
        private Optional<String> pendingUserMessage = Optional.empty();
        private List<String> pendingUserArtifactIds = List.of();
        private Optional<UUID> sandboxEnvironmentId = Optional.empty();
        private Optional<UUID> customImageId = Optional.empty();
        private Optional<PrAuthorshipMode> prAuthorshipMode = Optional.empty();
        private Optional<Boolean> autoPublish = Optional.empty();
        private Optional<RunSource> runSource = Optional.empty();
        private Optional<String> signalReportId = Optional.empty();
        private Optional<RuntimeAdapter> runtimeAdapter = Optional.empty();
        private Optional<String> model = Optional.empty();
        private Optional<ReasoningEffort> reasoningEffort = Optional.empty();
        private Optional<ContextWindow> contextWindow = Optional.empty();
        private Optional<Boolean> fastMode = Optional.empty();
        private Optional<String> githubUserToken = Optional.empty();
        private Optional<PermissionMode> initialPermissionMode = Optional.empty();
        private Optional<Boolean> rtkEnabled = Optional.empty();

        private Builder() {}

        /** Sets the mode: interactive or background. */
        public Builder mode(ExecutionMode value) {
            mode = value;
            return this;
        }

        /** Sets the branch to start from. */
        public Builder branch(String value) {
            branch = Optional.of(value);
            return this;
        }

        /**
         * Sets the run of the same task whose settings are inherited
         * (docs/wire/starting-runs.md#e5).
         */
        public Builder resumeFromRunId(UUID value) {
            resumeFromRunId = Optional.of(value);
            return this;
        }

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

        /** Sets the sandbox environment to use (docs/wire/starting-runs.md#e12). */
        public Builder sandboxEnvironmentId(UUID value) {
            sandboxEnvironmentId = Optional.of(value);
            return this;
        }

        /** Sets in whose name pull requests are opened (docs/wire/user-authorship.md#e4). */
        public Builder prAuthorshipMode(PrAuthorshipMode value) {
            prAuthorshipMode = Optional.of(value);
            return this;
        }

        /** Sets what triggers the run. */
        public Builder runSource(RunSource value) {
            runSource = Optional.of(value);
            return this;
        }

        /** Sets the report that triggers the run; stored, not looked up. */
        public Builder signalReportId(String value) {
            signalReportId = Optional.of(value);
            return this;
        }

        /** Sets the agent program family (docs/wire/runtime-selection.md#e2). */
        public Builder runtimeAdapter(RuntimeAdapter value) {
            runtimeAdapter = Optional.of(value);
            return this;
        }

        /** Sets the model (docs/wire/runtime-selection.md#e2). */
        public Builder model(String value) {
            model = Optional.of(value);
            return this;
        }

        /** Sets how hard the model thinks (docs/wire/runtime-selection.md#e3). */
        public Builder reasoningEffort(ReasoningEffort value) {
            reasoningEffort = Optional.of(value);
            return this;
        }

        /** Sets a secret: the caller's GitHub token (docs/wire/user-authorship.md#e4). */
        public Builder githubUserToken(String value) {
            githubUserToken = Optional.of(value);
            return this;
        }

        /**
         * Sets what the agent may do without asking, until the mode is changed
         * (docs/wire/runtime-selection.md#e1).
         */
        public Builder initialPermissionMode(PermissionMode value) {
            initialPermissionMode = Optional.of(value);
            return this;
        }

        /** Sets the image to start the sandbox from (docs/wire/starting-runs.md#l6). */
        public Builder customImageId(UUID value) {
            customImageId = Optional.of(value);
            return this;
        }

        /** Sets whether the agent opens a draft pull request unasked. */
        public Builder autoPublish(Boolean value) {
            autoPublish = Optional.of(value);
            return this;
        }

        /** Sets the size of the context window. */
        public Builder contextWindow(ContextWindow value) {
            contextWindow = Optional.of(value);
            return this;
        }

        /** Sets whether the model answers faster, at a higher price. */
        public Builder fastMode(Boolean value) {
            fastMode = Optional.of(value);
            return this;
        }

        /** Sets whether the agent may shorten the output of commands. */
        public Builder rtkEnabled(Boolean value) {
            rtkEnabled = Optional.of(value);
            return this;
        }

        /** Returns the request, which the engine will validate. */
        public RunTaskRequest build() {
            return new RunTaskRequest(
                    mode,
                    branch,
                    resumeFromRunId,
                    pendingUserMessage,
                    pendingUserArtifactIds,
                    sandboxEnvironmentId,
                    customImageId,
                    prAuthorshipMode,
                    autoPublish,
                    runSource,
                    signalReportId,
                    runtimeAdapter,
                    model,
                    reasoningEffort,
                    contextWindow,
                    fastMode,
                    githubUserToken,
                    initialPermissionMode,
                    rtkEnabled);
        }
    }
}
