package dev.errand.task;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.NullAllowed;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Json;
import dev.errand.internal.json.Lists;
import dev.errand.internal.json.Text;
import dev.errand.internal.rules.UsableSchema;
import dev.errand.profile.ApiProfile;
import dev.errand.run.ModelEffort;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskRuntime;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request to create a task (docs/wire/tasks.md#d2). Every member is optional.
 *
 * @param title the title, may be empty
 * @param titleManuallySet whether a person chose the title (docs/wire/tasks.md#e6)
 * @param description the prompt an agent starts from, may be empty
 * @param originProduct which product the task comes from
 * @param repository {@code organization/name}, or empty (docs/wire/tasks.md#e8)
 * @param githubIntegration a GitHub connection of the project (docs/wire/tasks.md#e9)
 * @param githubUserIntegration a GitHub connection of the caller (docs/wire/tasks.md#e9)
 * @param signalReport the report the task is about (docs/wire/tasks.md#e7)
 * @param signalReportTaskRelationship how the task relates to that report (docs/wire/tasks.md#e7)
 * @param jsonSchema the schema that an output must satisfy
 * @param internal whether lists omit the task unless they ask for internal tasks
 * @param ciPrompt custom wording for automatic CI-fix work, may be empty
 * @param archived whether lists omit the task unless they ask for archived tasks
 * @param repositories all repositories, the first one first (docs/wire/tasks.md#l7)
 * @param runtime the protocol that the agent speaks
 * @param startRun whether the first run is created with the task and queued; the members below
 *     describe it (docs/wire/tasks.md#l5)
 * @param branch the branch to start from
 * @param runtimeAdapter the agent program family
 * @param model the model
 * @param reasoningEffort how hard the model thinks
 * @param initialPermissionMode what the agent may do without asking
 * @param pendingUserMessage the first message for the agent
 * @param pendingUserArtifactIds not supported: a new task has no staged artifacts
 * @param autoPublish whether the agent opens a draft pull request unasked
 * @param sandboxEnvironmentId the sandbox environment to use
 * @param customImageId the image to start the sandbox from
 * @param namingSource the text that the title is made from, in place of the description; not stored
 */
@AllowedReportRelationship
@FirstRunMembers
@ConsistentRepositories
public record CreateTaskRequest(
        Optional<@ValidText(max = TaskDetails.MAX_TITLE_LENGTH) String> title,
        Optional<Boolean> titleManuallySet,
        Optional<@ValidText String> description,
        Optional<OriginProduct> originProduct,
        @NullAllowed
                Optional<@ValidText(max = TaskDetails.MAX_REPOSITORY_LENGTH) @RepositoryName String>
                        repository,
        @NullAllowed Optional<Long> githubIntegration,
        @NullAllowed Optional<UUID> githubUserIntegration,
        @NullAllowed Optional<UUID> signalReport,
        Optional<ReportRelationship> signalReportTaskRelationship,
        @NullAllowed Optional<@UsableSchema JsonText> jsonSchema,
        Optional<Boolean> internal,
        @NullAllowed Optional<@ValidText String> ciPrompt,
        @AddedIn(ApiProfile.V2026_09) Optional<Boolean> archived,
        @AddedIn(ApiProfile.V2026_09)
                Optional<
                                @Size(max = TaskLimits.MAX_REPOSITORIES) List<
                                        @ValidText(max = TaskDetails.MAX_REPOSITORY_LENGTH)
                                        @NotBlank @RepositoryName String>>
                        repositories,
        @AddedIn(ApiProfile.V2026_09) Optional<TaskRuntime> runtime,
        @AddedIn(ApiProfile.V2026_09) Optional<Boolean> startRun,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<@ValidText String> branch,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<RuntimeAdapter> runtimeAdapter,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<@ValidText String> model,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed
                Optional<@ModelEffort ReasoningEffort> reasoningEffort,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<PermissionMode> initialPermissionMode,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<@ValidText String> pendingUserMessage,
        @AddedIn(ApiProfile.V2026_09) @JsonProperty(defaultValue = "[]") @NotNull
                List<@ValidText String> pendingUserArtifactIds,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<Boolean> autoPublish,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<UUID> sandboxEnvironmentId,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<UUID> customImageId,
        @AddedIn(ApiProfile.V2026_09) @NullAllowed Optional<@ValidText String> namingSource)
        implements ConsistentRepositories.Request {

    /** Trims texts. */
    public CreateTaskRequest {
        title = Text.trim(title);
        description = Text.trim(description);
        repository = Text.trim(repository);
        jsonSchema = Json.withoutNull(jsonSchema);
        ciPrompt = Text.trim(ciPrompt);
        pendingUserArtifactIds = Lists.copyOf(pendingUserArtifactIds);
        namingSource = Text.trim(namingSource);
    }

    @Override
    public Optional<String> firstRepository() {
        return repository.filter(name -> !name.isEmpty());
    }

    /** Returns the request for the first run, or empty if none is requested. */
    public Optional<RunTaskRequest> firstRun() {
        if (!startRun.orElse(false)) {
            return Optional.empty();
        }
        RunTaskRequest.Builder run = RunTaskRequest.builder();
        branch.map(Text::trim).filter(name -> !name.isEmpty()).ifPresent(run::branch);
        runtimeAdapter.ifPresent(run::runtimeAdapter);
        model.ifPresent(run::model);
        reasoningEffort.ifPresent(run::reasoningEffort);
        initialPermissionMode.ifPresent(run::initialPermissionMode);
        pendingUserMessage.ifPresent(run::pendingUserMessage);
        autoPublish.ifPresent(run::autoPublish);
        sandboxEnvironmentId.ifPresent(run::sandboxEnvironmentId);
        customImageId.ifPresent(run::customImageId);
        return Optional.of(run.build());
    }

    /** Returns a builder with no member set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Builder for {@link CreateTaskRequest}. Members that are not set are absent. Not thread-safe.
     */
    public static final class Builder {
        private Optional<String> title = Optional.empty();
        private Optional<Boolean> titleManuallySet = Optional.empty();
        private Optional<String> description = Optional.empty();
        private Optional<OriginProduct> originProduct = Optional.empty();
        private Optional<String> repository = Optional.empty();
        private Optional<Long> githubIntegration = Optional.empty();
        private Optional<UUID> githubUserIntegration = Optional.empty();
        private Optional<UUID> signalReport = Optional.empty();
        private Optional<ReportRelationship> signalReportTaskRelationship = Optional.empty();
        private Optional<JsonText> jsonSchema = Optional.empty();
        private Optional<Boolean> internal = Optional.empty();
        private Optional<String> ciPrompt = Optional.empty();
        private Optional<Boolean> archived = Optional.empty();
        private Optional<List<String>> repositories = Optional.empty();
        private Optional<TaskRuntime> runtime = Optional.empty();
        private Optional<Boolean> startRun = Optional.empty();
        private Optional<String> branch = Optional.empty();
        private Optional<RuntimeAdapter> runtimeAdapter = Optional.empty();
        private Optional<String> model = Optional.empty();
        private Optional<ReasoningEffort> reasoningEffort = Optional.empty();
        private Optional<PermissionMode> initialPermissionMode = Optional.empty();
        private Optional<String> pendingUserMessage = Optional.empty();
        private List<String> pendingUserArtifactIds = List.of();
        private Optional<Boolean> autoPublish = Optional.empty();
        private Optional<UUID> sandboxEnvironmentId = Optional.empty();
        private Optional<UUID> customImageId = Optional.empty();
        private Optional<String> namingSource = Optional.empty();

        private Builder() {}

        /** Sets the title, may be empty. */
        public Builder title(String value) {
            title = Optional.of(value);
            return this;
        }

        /** Sets whether a person chose the title (docs/wire/tasks.md#e6). */
        public Builder titleManuallySet(Boolean value) {
            titleManuallySet = Optional.of(value);
            return this;
        }

        /** Sets the prompt an agent starts from, may be empty. */
        public Builder description(String value) {
            description = Optional.of(value);
            return this;
        }

        /** Sets which product the task comes from. */
        public Builder originProduct(OriginProduct value) {
            originProduct = Optional.of(value);
            return this;
        }

        /** Sets {@code organization/name}, or empty (docs/wire/tasks.md#e8). */
        public Builder repository(String value) {
            repository = Optional.of(value);
            return this;
        }

        /** Sets a GitHub connection of the project (docs/wire/tasks.md#e9). */
        public Builder githubIntegration(Long value) {
            githubIntegration = Optional.of(value);
            return this;
        }

        /** Sets a GitHub connection of the caller (docs/wire/tasks.md#e9). */
        public Builder githubUserIntegration(UUID value) {
            githubUserIntegration = Optional.of(value);
            return this;
        }

        /** Sets the report the task is about (docs/wire/tasks.md#e7). */
        public Builder signalReport(UUID value) {
            signalReport = Optional.of(value);
            return this;
        }

        /** Sets how the task relates to that report (docs/wire/tasks.md#e7). */
        public Builder signalReportTaskRelationship(ReportRelationship value) {
            signalReportTaskRelationship = Optional.of(value);
            return this;
        }

        /** Sets the schema that an output must satisfy. */
        public Builder jsonSchema(JsonText value) {
            jsonSchema = Optional.of(value);
            return this;
        }

        /** Sets whether lists omit the task unless they ask for internal tasks. */
        public Builder internal(Boolean value) {
            internal = Optional.of(value);
            return this;
        }

        /** Sets custom wording for automatic CI-fix work, may be empty. */
        public Builder ciPrompt(String value) {
            ciPrompt = Optional.of(value);
            return this;
        }

        /**
         * Sets whether the first run is created with the task and queued (docs/wire/tasks.md#l5).
         */
        public Builder startRun(Boolean value) {
            startRun = Optional.of(value);
            return this;
        }

        /** Sets the branch to start from. */
        public Builder branch(String value) {
            branch = Optional.of(value);
            return this;
        }

        /** Sets the agent program family. */
        public Builder runtimeAdapter(RuntimeAdapter value) {
            runtimeAdapter = Optional.of(value);
            return this;
        }

        /** Sets the model. */
        public Builder model(String value) {
            model = Optional.of(value);
            return this;
        }

        /** Sets how hard the model thinks. */
        public Builder reasoningEffort(ReasoningEffort value) {
            reasoningEffort = Optional.of(value);
            return this;
        }

        /** Sets what the agent may do without asking. */
        public Builder initialPermissionMode(PermissionMode value) {
            initialPermissionMode = Optional.of(value);
            return this;
        }

        /** Sets the first message for the agent. */
        public Builder pendingUserMessage(String value) {
            pendingUserMessage = Optional.of(value);
            return this;
        }

        /** Sets whether the agent opens a draft pull request unasked. */
        public Builder autoPublish(Boolean value) {
            autoPublish = Optional.of(value);
            return this;
        }

        /** Sets the sandbox environment to use. */
        public Builder sandboxEnvironmentId(UUID value) {
            sandboxEnvironmentId = Optional.of(value);
            return this;
        }

        /** Sets the image to start the sandbox from. */
        public Builder customImageId(UUID value) {
            customImageId = Optional.of(value);
            return this;
        }

        /** Sets the text that the title is made from, in place of the description. */
        public Builder namingSource(String value) {
            namingSource = Optional.of(value);
            return this;
        }

        /** Sets whether lists omit the task unless they ask for archived tasks. */
        public Builder archived(Boolean value) {
            archived = Optional.of(value);
            return this;
        }

        /** Sets all repositories of the task (docs/wire/tasks.md#l7). */
        public Builder repositories(List<String> value) {
            repositories = Optional.of(List.copyOf(value));
            return this;
        }

        /** Sets the protocol that the agent speaks. */
        public Builder runtime(TaskRuntime value) {
            runtime = Optional.of(value);
            return this;
        }

        /** Returns the request, which the engine will validate. */
        public CreateTaskRequest build() {
            return new CreateTaskRequest(
                    title,
                    titleManuallySet,
                    description,
                    originProduct,
                    repository,
                    githubIntegration,
                    githubUserIntegration,
                    signalReport,
                    signalReportTaskRelationship,
                    jsonSchema,
                    internal,
                    ciPrompt,
                    archived,
                    repositories,
                    runtime,
                    startRun,
                    branch,
                    runtimeAdapter,
                    model,
                    reasoningEffort,
                    initialPermissionMode,
                    pendingUserMessage,
                    pendingUserArtifactIds,
                    autoPublish,
                    sandboxEnvironmentId,
                    customImageId,
                    namingSource);
        }
    }
}
