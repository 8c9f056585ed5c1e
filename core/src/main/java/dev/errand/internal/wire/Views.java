package dev.errand.internal.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.errand.spi.JsonText;
import dev.errand.spi.WireValue;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** What responses contain, member by member in the order of the wire (contract A). */
final class Views {

    private Views() {}

    /** A page of a list (contract D0). */
    record PageView<T>(long count, String next, String previous, List<T> results) {}

    /** A task (contract A2). */
    record TaskView(
            UUID id,
            long taskNumber,
            String slug,
            String title,
            boolean titleManuallySet,
            String description,
            WireValue originProduct,
            String repository,
            Long githubIntegration,
            UUID githubUserIntegration,
            UUID signalReport,
            JsonText jsonSchema,
            boolean internal,
            RunView latestRun,
            Instant createdAt,
            Instant updatedAt,
            UserView createdBy,
            String ciPrompt) {}

    /** What summaries show of a task (contract I14). */
    record TaskSummaryView(
            UUID id,
            String title,
            String repository,
            Instant createdAt,
            Instant updatedAt,
            RunSummaryView latestRun) {}

    /** What summaries show of a run (contract I14). */
    record RunSummaryView(RunStatus status, RunEnvironment environment) {}

    /** A run (contract A3). */
    record RunView(
            UUID id,
            UUID task,
            String stage,
            String branch,
            RunStatus status,
            RunEnvironment environment,
            WireValue runtimeAdapter,
            WireValue provider,
            String model,
            WireValue reasoningEffort,
            URI logUrl,
            String errorMessage,
            JsonText output,
            JsonText state,
            List<ArtifactView> artifacts,
            Instant createdAt,
            Instant updatedAt,
            Instant completedAt) {}

    /** An entry of a run's manifest (contract A4). */
    record ArtifactView(
            String id,
            String name,
            WireValue type,
            String source,
            long size,
            String contentType,
            String storagePath,
            Instant uploadedAt) {}

    /** A user (contract A6). */
    record UserView(
            long id,
            UUID uuid,
            String distinctId,
            String firstName,
            String lastName,
            String email,
            Boolean isEmailVerified,
            JsonText hedgehogConfig,
            WireValue roleAtOrganization) {}

    /** A reserved key with its upload form (contract D7). */
    record PreparedUploadView(
            String id,
            String name,
            WireValue type,
            String source,
            long size,
            String contentType,
            String storagePath,
            long expiresIn,
            FormView presignedPost) {}

    /** An upload form (contract D7). */
    record FormView(URI url, Map<String, String> fields) {}

    /** A link to an artifact (contract I6). */
    record LinkView(URI url, long expiresIn) {}

    /** The result of relaying a message (contract I12). */
    record RelayView(WireValue status, @JsonInclude(JsonInclude.Include.NON_NULL) String relayId) {}
}
