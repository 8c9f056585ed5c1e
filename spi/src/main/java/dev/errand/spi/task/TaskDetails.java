package dev.errand.spi.task;

import dev.errand.spi.JsonText;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/**
 * The part of a task that callers write (contract A2), already normalised.
 *
 * @param title at most 255 characters, may be empty
 * @param titleManuallySet whether a person chose the title
 * @param description the prompt an agent starts from, may be empty
 * @param originProduct which product created the task
 * @param repository {@code organization/name} in lower case, or as given where that was empty
 * @param githubIntegration the project-level GitHub connection
 * @param githubUserIntegration the user-level GitHub connection
 * @param signalReport the report the task is about
 * @param jsonSchema the schema that an output must satisfy
 * @param internal whether default lists leave the task out
 * @param ciPrompt custom wording for automatic CI-fix work
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
        Optional<String> ciPrompt) {

    /** The longest title, in characters. */
    public static final int MAX_TITLE_LENGTH = 255;

    /** The longest repository, in characters. */
    public static final int MAX_REPOSITORY_LENGTH = 255;

    /** Refuses null. */
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
    }

    /** These details with another user-level GitHub connection. */
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
                ciPrompt);
    }
}
