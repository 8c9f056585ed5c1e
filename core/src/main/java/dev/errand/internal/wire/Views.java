package dev.errand.internal.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.errand.internal.constraints.AddedIn;
import dev.errand.profile.ApiProfile;
import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.project.OrganizationRole;
import dev.errand.spi.run.Provider;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RelayStatus;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.TaskRuntime;
import java.math.BigDecimal;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What responses contain, member by member in the order of the wire (docs/wire/README.md#a). */
public interface Views {

    /** A page of a list (docs/wire/conventions.md#d0). */
    record PageView<T>(
            long count, @Nullable String next, @Nullable String previous, List<T> results) {}

    /** A task (docs/wire/tasks.md#a2). */
    record TaskView(
            UUID id,
            long taskNumber,
            String slug,
            String title,
            boolean titleManuallySet,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String description,
            @AddedIn(ApiProfile.V2026_09) @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable String descriptionPreview,
            OriginProduct originProduct,
            @Nullable String repository,
            @Nullable Long githubIntegration,
            @Nullable UUID githubUserIntegration,
            @Nullable UUID signalReport,
            @Nullable JsonText jsonSchema,
            boolean internal,
            @Nullable RunView latestRun,
            Instant createdAt,
            Instant updatedAt,
            @Nullable UserView createdBy,
            @Nullable String ciPrompt,
            @AddedIn(ApiProfile.V2026_09) boolean archived,
            @AddedIn(ApiProfile.V2026_09) @Nullable Instant archivedAt,
            @AddedIn(ApiProfile.V2026_09) Instant lastActivityAt,
            @AddedIn(ApiProfile.V2026_09) List<String> repositories,
            @AddedIn(ApiProfile.V2026_09) TaskRuntime runtime) {}

    /** A task whose run was just created (docs/wire/starting-runs.md#l5). */
    record StartedTaskView(
            @JsonUnwrapped TaskView task,
            @AddedIn(ApiProfile.V2026_09) @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable RunView run,
            @AddedIn(ApiProfile.V2026_09) @Nullable String runError) {}

    /** What summaries show of a task (docs/wire/tasks.md#i14). */
    record TaskSummaryView(
            UUID id,
            String title,
            @Nullable String repository,
            Instant createdAt,
            Instant updatedAt,
            @Nullable RunSummaryView latestRun,
            @AddedIn(ApiProfile.V2026_09) OriginProduct originProduct) {}

    /** What summaries show of a run (docs/wire/tasks.md#i14). */
    record RunSummaryView(RunStatus status, RunEnvironment environment) {}

    /** The models that a host offers (docs/wire/tasks.md#l8). */
    record ModelsView(List<ModelView> models) {}

    /** A model (docs/wire/tasks.md#l8). */
    record ModelView(
            RuntimeAdapter runtimeAdapter,
            String model,
            String displayName,
            List<ReasoningEffort> supportedEfforts) {}

    /** The cost of a task (docs/wire/tasks.md#l9). */
    record UsageView(BigDecimal tokenCostUsd, BigDecimal computeCostUsd, BigDecimal totalCostUsd) {}

    /** A run (docs/wire/runs.md#a3). */
    record RunView(
            UUID id,
            UUID task,
            @Nullable String stage,
            @Nullable String branch,
            RunStatus status,
            RunEnvironment environment,
            @Nullable RuntimeAdapter runtimeAdapter,
            @Nullable Provider provider,
            @Nullable String model,
            @Nullable ReasoningEffort reasoningEffort,
            @Nullable URI logUrl,
            @Nullable String errorMessage,
            @Nullable JsonText output,
            JsonText state,
            List<ArtifactView> artifacts,
            Instant createdAt,
            Instant updatedAt,
            @Nullable Instant completedAt) {}

    /** The state of a run in a stream (docs/wire/stream.md#i13). */
    record RunStateView(
            String type,
            UUID runId,
            UUID taskId,
            RunStatus status,
            @Nullable String stage,
            @Nullable JsonText output,
            @Nullable String branch,
            @Nullable String errorMessage,
            Instant updatedAt,
            @Nullable Instant completedAt) {}

    /** An entry of a run's manifest (docs/wire/artifacts.md#a4). */
    record ArtifactView(
            String id,
            String name,
            ArtifactType type,
            String source,
            long size,
            String contentType,
            String storagePath,
            Instant uploadedAt,
            @AddedIn(ApiProfile.V2026_09) @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable JsonText metadata) {}

    /** A user (docs/wire/conventions.md#a6). */
    record UserView(
            long id,
            UUID uuid,
            @Nullable String distinctId,
            String firstName,
            String lastName,
            String email,
            @Nullable Boolean isEmailVerified,
            @Nullable JsonText hedgehogConfig,
            @Nullable OrganizationRole roleAtOrganization) {}

    /** A reserved key with its upload form (docs/wire/artifacts.md#d7). */
    record PreparedUploadView(
            String id,
            String name,
            ArtifactType type,
            String source,
            long size,
            String contentType,
            String storagePath,
            long expiresIn,
            FormView presignedPost,
            @AddedIn(ApiProfile.V2026_09) @JsonInclude(JsonInclude.Include.NON_NULL)
                    @Nullable JsonText metadata) {}

    /** An upload form (docs/wire/artifacts.md#d7). */
    record FormView(URI url, Map<String, String> fields) {}

    /** The artifacts of a response (docs/wire/artifacts.md#d8). */
    record ArtifactsView(List<ArtifactView> artifacts) {}

    /** The reserved keys of a response (docs/wire/artifacts.md#d7). */
    record PreparedUploadsView(List<PreparedUploadView> artifacts) {}

    /** Names of repositories (docs/wire/tasks.md#i15). */
    record RepositoriesView(List<String> repositories) {}

    /** A link to an artifact (docs/wire/artifacts.md#i6). */
    record LinkView(URI url, long expiresIn) {}

    /** A connection token (docs/wire/runs.md#i10). */
    record ConnectionTokenView(String token) {}

    /** A conversation with a link to its content (docs/wire/conversations.md#l4.1). */
    record ConversationView(UUID id, @Nullable URI downloadUrl, @Nullable String contentSha256) {}

    /** A conversation whose content was replaced (docs/wire/conversations.md#l4.2). */
    record ReplacedConversationView(UUID id, String contentSha256) {}

    /** The result of relaying a message (docs/wire/runs.md#i12). */
    record RelayView(
            RelayStatus status,
            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String relayId) {}
}
