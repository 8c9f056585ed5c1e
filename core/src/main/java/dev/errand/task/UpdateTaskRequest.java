package dev.errand.task;

import dev.errand.internal.constraints.AddedIn;
import dev.errand.internal.constraints.ValidText;
import dev.errand.internal.json.Text;
import dev.errand.internal.rules.UsableSchema;
import dev.errand.profile.ApiProfile;
import dev.errand.request.Patch;
import dev.errand.spi.JsonText;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskRuntime;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Null;
import jakarta.validation.constraints.Size;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request to change a task (docs/wire/tasks.md#d4). Members that are absent do not change.
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
 * @param runtime must be absent: the runtime of a task cannot change
 */
@AllowedReportRelationship
@ConsistentRepositories
public record UpdateTaskRequest(
        Optional<@ValidText(max = TaskDetails.MAX_TITLE_LENGTH) String> title,
        Optional<Boolean> titleManuallySet,
        Optional<@ValidText String> description,
        Optional<OriginProduct> originProduct,
        Patch<@ValidText(max = TaskDetails.MAX_REPOSITORY_LENGTH) @RepositoryName String>
                repository,
        Patch<Long> githubIntegration,
        Patch<UUID> githubUserIntegration,
        Patch<UUID> signalReport,
        Optional<ReportRelationship> signalReportTaskRelationship,
        Patch<@UsableSchema JsonText> jsonSchema,
        Optional<Boolean> internal,
        Patch<@ValidText String> ciPrompt,
        @AddedIn(ApiProfile.V2026_09) Optional<Boolean> archived,
        @AddedIn(ApiProfile.V2026_09)
                Optional<
                                @Size(max = TaskLimits.MAX_REPOSITORIES) List<
                                        @ValidText(max = TaskDetails.MAX_REPOSITORY_LENGTH)
                                        @NotBlank @RepositoryName String>>
                        repositories,
        @AddedIn(ApiProfile.V2026_09)
                Optional<
                                @Null(message = "Runtime cannot be changed after task creation.")
                                TaskRuntime>
                        runtime)
        implements ConsistentRepositories.Request {

    /** Trims texts. */
    public UpdateTaskRequest {
        title = Text.trim(title);
        description = Text.trim(description);
        repository = repository.map(Text::trim);
        jsonSchema = jsonSchema.clearedBy(JsonText.NULL);
        ciPrompt = ciPrompt.map(Text::trim);
    }

    @Override
    public Optional<String> firstRepository() {
        return repository.value().filter(name -> !name.isEmpty());
    }

    /** Returns a builder with no member set. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Builder for {@link UpdateTaskRequest}. Members that are not set are absent. Not thread-safe.
     */
    public static final class Builder {
        private Optional<String> title = Optional.empty();
        private Optional<Boolean> titleManuallySet = Optional.empty();
        private Optional<String> description = Optional.empty();
        private Optional<OriginProduct> originProduct = Optional.empty();
        private Patch<String> repository = Patch.absent();
        private Patch<Long> githubIntegration = Patch.absent();
        private Patch<UUID> githubUserIntegration = Patch.absent();
        private Patch<UUID> signalReport = Patch.absent();
        private Optional<ReportRelationship> signalReportTaskRelationship = Optional.empty();
        private Patch<JsonText> jsonSchema = Patch.absent();
        private Optional<Boolean> internal = Optional.empty();
        private Patch<String> ciPrompt = Patch.absent();
        private Optional<Boolean> archived = Optional.empty();
        private Optional<List<String>> repositories = Optional.empty();

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
            repository = Patch.set(value);
            return this;
        }

        /** Clears the repository. */
        public Builder clearRepository() {
            repository = Patch.clear();
            return this;
        }

        /** Sets a GitHub connection of the project (docs/wire/tasks.md#e9). */
        public Builder githubIntegration(Long value) {
            githubIntegration = Patch.set(value);
            return this;
        }

        /** Clears the GitHub connection of the project. */
        public Builder clearGithubIntegration() {
            githubIntegration = Patch.clear();
            return this;
        }

        /** Sets a GitHub connection of the caller (docs/wire/tasks.md#e9). */
        public Builder githubUserIntegration(UUID value) {
            githubUserIntegration = Patch.set(value);
            return this;
        }

        /** Clears the GitHub connection of the caller. */
        public Builder clearGithubUserIntegration() {
            githubUserIntegration = Patch.clear();
            return this;
        }

        /** Sets the report the task is about (docs/wire/tasks.md#e7). */
        public Builder signalReport(UUID value) {
            signalReport = Patch.set(value);
            return this;
        }

        /** Clears the signal report. */
        public Builder clearSignalReport() {
            signalReport = Patch.clear();
            return this;
        }

        /** Sets how the task relates to that report (docs/wire/tasks.md#e7). */
        public Builder signalReportTaskRelationship(ReportRelationship value) {
            signalReportTaskRelationship = Optional.of(value);
            return this;
        }

        /** Sets the schema that an output must satisfy. */
        public Builder jsonSchema(JsonText value) {
            jsonSchema = Patch.set(value);
            return this;
        }

        /** Clears the output schema. */
        public Builder clearJsonSchema() {
            jsonSchema = Patch.clear();
            return this;
        }

        /** Sets whether lists omit the task unless they ask for internal tasks. */
        public Builder internal(Boolean value) {
            internal = Optional.of(value);
            return this;
        }

        /** Sets custom wording for automatic CI-fix work, may be empty. */
        public Builder ciPrompt(String value) {
            ciPrompt = Patch.set(value);
            return this;
        }

        /** Clears the CI prompt. */
        public Builder clearCiPrompt() {
            ciPrompt = Patch.clear();
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

        /** Returns the request, which the engine will validate. */
        public UpdateTaskRequest build() {
            return new UpdateTaskRequest(
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
                    Optional.empty());
        }
    }
}
