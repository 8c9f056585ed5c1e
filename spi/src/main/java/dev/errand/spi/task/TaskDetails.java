package dev.errand.spi.task;

import dev.errand.spi.JsonText;
import dev.errand.spi.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The members of a task that callers can set (docs/wire/tasks.md#a2), in normalised form.
 *
 * @param title at most {@value #MAX_TITLE_LENGTH} characters, may be empty
 * @param titleManuallySet whether a person chose the title
 * @param description the prompt for the agent, may be empty
 * @param originProduct the product that created the task
 * @param repository {@code organization/name} in lower case. A task without a repository has an
 *     empty {@code Optional}, or an empty text if the client sent one
 * @param githubIntegration the project-level GitHub connection
 * @param githubUserIntegration the user-level GitHub connection
 * @param signalReport the report that the task is about
 * @param jsonSchema the JSON schema that an output must satisfy
 * @param internal whether lists omit the task unless they ask for internal tasks
 * @param ciPrompt the prompt for automatic CI fixes
 * @param archivedAt when the task was archived; lists omit it unless they ask for archived tasks
 * @param furtherRepositories the repositories after {@code repository}, in the same form
 * @param runtime the protocol that the agent speaks
 */
public record TaskDetails(
        String title,
        boolean titleManuallySet,
        String description,
        OriginProduct originProduct,
        Optional<String> repository,
        Optional<Long> githubIntegration,
        Optional<UUID> githubUserIntegration,
        Optional<UUID> signalReport,
        Optional<JsonText> jsonSchema,
        boolean internal,
        Optional<String> ciPrompt,
        Optional<Instant> archivedAt,
        List<String> furtherRepositories,
        TaskRuntime runtime) {

    /** Maximum length of a title, in characters. */
    public static final int MAX_TITLE_LENGTH = 255;

    /** Maximum length of a repository, in characters. */
    public static final int MAX_REPOSITORY_LENGTH = 255;

    /** Rejects null components. */
    public TaskDetails {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(description, "description");
        Objects.requireNonNull(originProduct, "originProduct");
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(githubIntegration, "githubIntegration");
        Objects.requireNonNull(githubUserIntegration, "githubUserIntegration");
        Objects.requireNonNull(signalReport, "signalReport");
        Objects.requireNonNull(jsonSchema, "jsonSchema");
        Objects.requireNonNull(ciPrompt, "ciPrompt");
        archivedAt = Timestamps.truncate(archivedAt);
        furtherRepositories = List.copyOf(furtherRepositories);
        Objects.requireNonNull(runtime, "runtime");
    }

    /** Creates details that are not archived, with at most one repository and the runtime acp. */
    public TaskDetails(
            String title,
            boolean titleManuallySet,
            String description,
            OriginProduct originProduct,
            Optional<String> repository,
            Optional<Long> githubIntegration,
            Optional<UUID> githubUserIntegration,
            Optional<UUID> signalReport,
            Optional<JsonText> jsonSchema,
            boolean internal,
            Optional<String> ciPrompt) {
        this(
                title,
                titleManuallySet,
                description,
                originProduct,
                repository,
                githubIntegration,
                githubUserIntegration,
                signalReport,
                jsonSchema,
                internal,
                ciPrompt,
                Optional.empty(),
                List.of(),
                TaskRuntime.ACP);
    }

    /** Returns all repositories of the task, the first one first. */
    public List<String> repositories() {
        List<String> all = new ArrayList<>();
        repository.filter(name -> !name.isEmpty()).ifPresent(all::add);
        all.addAll(furtherRepositories);
        return List.copyOf(all);
    }

    /** Returns a copy with the given user-level GitHub connection. */
    public TaskDetails withGithubUserIntegration(UUID connection) {
        return new TaskDetails(
                title,
                titleManuallySet,
                description,
                originProduct,
                repository,
                githubIntegration,
                Optional.of(connection),
                signalReport,
                jsonSchema,
                internal,
                ciPrompt,
                archivedAt,
                furtherRepositories,
                runtime);
    }
}
