package dev.errand.benchmarks.request;

import com.fasterxml.jackson.annotation.JsonRawValue;
import com.fasterxml.jackson.databind.annotation.JsonSerialize;
import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.task.OriginProduct;
import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * A task in the form of the wire, for Jackson databind. Derived values, such as the slug and the
 * state document, are precomputed.
 */
record TaskAnswer(
        UUID id,
        long taskNumber,
        String slug,
        String title,
        boolean titleManuallySet,
        String description,
        OriginProduct originProduct,
        String repository,
        Long githubIntegration,
        UUID githubUserIntegration,
        UUID signalReport,
        @JsonRawValue String jsonSchema,
        boolean internal,
        RunAnswer latestRun,
        @JsonSerialize(using = InstantOnTheWire.class) Instant createdAt,
        @JsonSerialize(using = InstantOnTheWire.class) Instant updatedAt,
        UserAnswer createdBy,
        String ciPrompt) {

    /** The latest run of the task. */
    record RunAnswer(
            UUID id,
            UUID task,
            String stage,
            String branch,
            RunStatus status,
            RunEnvironment environment,
            RuntimeAdapter runtimeAdapter,
            Provider provider,
            String model,
            ReasoningEffort reasoningEffort,
            String logUrl,
            String errorMessage,
            @JsonRawValue String output,
            @JsonRawValue String state,
            List<Object> artifacts,
            @JsonSerialize(using = InstantOnTheWire.class) Instant createdAt,
            @JsonSerialize(using = InstantOnTheWire.class) Instant updatedAt,
            @JsonSerialize(using = InstantOnTheWire.class) Instant completedAt) {}

    /** The creator of the task. */
    record UserAnswer(
            long id,
            UUID uuid,
            String distinctId,
            String firstName,
            String lastName,
            String email,
            Boolean isEmailVerified,
            @JsonRawValue String hedgehogConfig,
            String roleAtOrganization) {}
}
