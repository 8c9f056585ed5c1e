package dev.errand.internal.engine;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.RunSettings;
import dev.errand.internal.rules.RunState;
import dev.errand.run.AgentSettings;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.project.CustomImage;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Creates runs from requests. Looks up what a request refers to and applies the rules of
 * docs/wire/starting-runs.md#d6, #d10, docs/wire/README.md#e in their order; the first violation is
 * thrown. Stores nothing.
 */
final class RunFactory {

    private final Engine engine;
    private final AccessControl access;
    private final AuthorshipResolver authorship;

    RunFactory(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.authorship = new AuthorshipResolver(engine, access);
    }

    /**
     * A run to insert.
     *
     * @param run the run
     * @param token the caller's GitHub token, to be stored before the run is inserted
     */
    record Draft(NewRun run, Optional<Secret> token) {}

    /**
     * Checks the effort of a request before anything is looked up (docs/wire/authentication.md#c2,
     * docs/wire/runtime-selection.md#e3).
     *
     * @throws InvalidRequestException if the selected model does not support it
     */
    void checkEffort(RuntimeSelection selection) {
        if (selection.adapter().isEmpty()
                || selection.model().isEmpty()
                || selection.effort().isEmpty()) {
            return;
        }
        engine.reasoningEfforts()
                .problem(
                        selection.adapter().get(),
                        selection.model().get(),
                        selection.effort().get())
                .ifPresent(
                        text -> {
                            throw InvalidRequestException.of(
                                    Violation.of(
                                            ErrorCode.INVALID_INPUT, "reasoning_effort", text));
                        });
    }

    /**
     * Creates a cloud run that is queued at once (docs/wire/starting-runs.md#d6).
     *
     * @param now when it is created and queued
     * @throws InvalidRequestException if the request breaks a rule
     */
    Draft queuedRun(Task task, RunTaskRequest request, Instant now) {
        Optional<RunState> resumed =
                request.resumeFromRunId().map(id -> RunState.of(resumedRun(task, id)));
        RunSettings requested = RunSettings.of(request, resumed);
        checkEffort(requested.selection());
        AuthorshipResolver.Identity identity =
                authorship.resolve(task, requested, true, request.githubUserSecret());
        RunSettings settings =
                checkEnvironment(
                        task,
                        checkImage(task, identity.settings(), request.customImageId()),
                        request.sandboxEnvironmentId());
        List<String> artifactIds = distinct(request.pendingUserArtifactIds());
        List<ArtifactId> consumes = stagedIds(task, artifactIds);
        Optional<String> message = request.pendingUserMessage().filter(text -> !text.isEmpty());
        RunState.Builder state =
                state(
                                request.mode(),
                                message,
                                artifactIds,
                                request.initialPermissionMode(),
                                settings)
                        .put(StateKey.GITHUB_CREDENTIAL_SOURCE, identity.credentialSource())
                        .put(
                                StateKey.RESUME_FROM_RUN_ID,
                                request.resumeFromRunId().map(UUID::toString));
        Run run = newRun(task, RunStatus.QUEUED, RunEnvironment.CLOUD, settings, state, 1, now);
        RunScheduling scheduling = engine.options().schedulingPolicy().schedulingOf(task, run);
        QueueEntry entry = QueueEntry.queued(now, scheduling.priority(), scheduling.timeouts());
        return new Draft(
                new NewRun(run, Optional.of(entry), consumes, identity.connection()),
                identity.token());
    }

    /**
     * Creates the first run of a task that is inserted together with it, at the same time.
     *
     * @throws InvalidRequestException if the request breaks a rule; a new task has no staged
     *     artifacts and no runs to resume
     */
    Draft firstRun(Task task, RunTaskRequest request) {
        checkEffort(request.selection());
        Draft draft = queuedRun(task, request, task.createdAt());
        if (!draft.run().consumes().isEmpty()) {
            throw missingArtifacts(request.pendingUserArtifactIds());
        }
        return draft;
    }

    /**
     * Creates a run without queueing it (docs/wire/starting-runs.md#d10).
     *
     * @throws InvalidRequestException if the request breaks a rule
     */
    Draft notStartedRun(Task task, CreateRunRequest request) {
        boolean cloud = request.environment() == RunEnvironment.CLOUD;
        AuthorshipResolver.Identity identity =
                authorship.resolve(
                        task, RunSettings.of(request), cloud, request.githubUserSecret());
        RunSettings settings =
                checkEnvironment(
                        task,
                        checkImage(task, identity.settings(), request.customImageId()),
                        request.sandboxEnvironmentId());
        RunState.Builder state =
                state(
                                request.mode(),
                                Optional.empty(),
                                List.of(),
                                request.initialPermissionMode(),
                                settings)
                        .put(StateKey.GITHUB_CREDENTIAL_SOURCE, identity.credentialSource());
        Run run =
                newRun(
                        task,
                        engine.options().initialStatus(),
                        request.environment(),
                        settings,
                        state,
                        0,
                        engine.now());
        return new Draft(
                new NewRun(run, Optional.empty(), List.of(), identity.connection()),
                identity.token());
    }

    private static List<String> distinct(List<String> ids) {
        return ids.size() < 2 ? ids : ids.stream().distinct().toList();
    }

    static InvalidRequestException missingArtifacts(List<String> ids) {
        return InvalidRequestException.of(
                Violation.missingArtifacts(
                        "pending_user_artifact_ids", ErrorCode.MISSING_ARTIFACTS.detail(), ids));
    }

    private Run newRun(
            Task task,
            RunStatus status,
            RunEnvironment environment,
            RunSettings settings,
            RunState.Builder state,
            int attempt,
            Instant now) {
        return new Run(
                access.project(),
                task.id(),
                RunId.of(engine.ids().next(now)),
                1,
                status,
                environment,
                Optional.empty(),
                settings.branch(),
                Optional.empty(),
                Optional.empty(),
                state.toJson(),
                List.of(),
                attempt,
                Optional.empty(),
                now,
                now,
                Optional.empty());
    }

    /** The initial state, with its keys in the order of docs/wire/runs.md#f. */
    private static RunState.Builder state(
            ExecutionMode mode,
            Optional<String> message,
            List<String> artifactIds,
            Optional<PermissionMode> permissionMode,
            RunSettings settings) {
        RuntimeSelection selection = settings.selection();
        AgentSettings agent = settings.agent();
        return RunState.builder()
                .putWire(StateKey.MODE, Optional.of(mode))
                .put(StateKey.PENDING_USER_MESSAGE, message)
                .putAll(StateKey.PENDING_ARTIFACT_IDS, artifactIds)
                .putWire(StateKey.INITIAL_PERMISSION_MODE, permissionMode)
                .put(StateKey.CUSTOM_IMAGE_ID, agent.customImage().map(UUID::toString))
                .putFlag(StateKey.AUTO_PUBLISH, agent.autoPublish())
                .putWire(StateKey.CONTEXT_WINDOW, agent.contextWindow())
                .putFlag(StateKey.FAST_MODE, agent.fastMode())
                .putFlag(StateKey.RTK_ENABLED, agent.rtkEnabled())
                .put(StateKey.PR_BASE_BRANCH, settings.branch())
                .putWire(StateKey.PR_AUTHORSHIP_MODE, settings.authorship())
                .putWire(StateKey.RUN_SOURCE, settings.source())
                .put(StateKey.SIGNAL_REPORT_ID, settings.signalReportId())
                .putWire(StateKey.RUNTIME_ADAPTER, selection.adapter())
                .putWire(StateKey.PROVIDER, selection.provider())
                .put(StateKey.MODEL, selection.model())
                .putWire(StateKey.REASONING_EFFORT, selection.effort())
                .put(
                        StateKey.SANDBOX_ENVIRONMENT_ID,
                        settings.sandboxEnvironment().map(UUID::toString))
                .put(StateKey.SNAPSHOT_EXTERNAL_ID, settings.snapshot());
    }

    private Run resumedRun(Task task, UUID id) {
        return engine.backend()
                .runs()
                .find(access.project(), task.id(), RunId.of(id))
                .map(StoredRun::run)
                .orElseThrow(
                        () ->
                                InvalidRequestException.of(
                                        Violation.of(
                                                ErrorCode.INVALID_RESUME_RUN,
                                                "resume_from_run_id")));
    }

    private RunSettings checkImage(Task task, RunSettings settings, Optional<UUID> requested) {
        Optional<UUID> id = settings.agent().customImage();
        if (id.isEmpty()) {
            return settings;
        }
        Optional<CustomImage> image = engine.directory().findCustomImage(task, id.get());
        if (image.map(CustomImage::isReady).orElse(false)) {
            return settings;
        }
        if (requested.isEmpty()) {
            return settings.withoutCustomImage(); // Inherited, but no longer usable.
        }
        throw InvalidRequestException.of(
                Violation.of(
                        ErrorCode.INVALID_CUSTOM_IMAGE,
                        "custom_image_id",
                        image.map(it -> "Custom image is not ready (status: " + it.status() + ")")
                                .orElse(ErrorCode.INVALID_CUSTOM_IMAGE.detail())));
    }

    private RunSettings checkEnvironment(
            Task task, RunSettings settings, Optional<UUID> requested) {
        Optional<UUID> environment = settings.sandboxEnvironment();
        if (environment.isEmpty() || isAccessible(task, environment.get())) {
            return settings;
        }
        if (requested.isPresent()) {
            throw InvalidRequestException.of(
                    Violation.of(ErrorCode.INVALID_SANDBOX_ENVIRONMENT, "sandbox_environment_id"));
        }
        return settings.withoutEnvironment(); // Inherited, but no longer accessible
        // (docs/wire/starting-runs.md#e5).
    }

    private boolean isAccessible(Task task, UUID id) {
        Optional<SandboxEnvironment> environment =
                engine.directory().findSandboxEnvironment(access.project(), id);
        return environment
                .filter(
                        found ->
                                !found.isPrivate()
                                        || found.createdBy().isPresent()
                                                && found.createdBy().equals(task.createdBy()))
                .isPresent();
    }

    /** Whether well-formed ids can be consumed is decided by the store, when it inserts the run. */
    private List<ArtifactId> stagedIds(Task task, List<String> ids) {
        List<ArtifactId> wellFormed =
                ids.stream().filter(ArtifactId::isValid).map(ArtifactId::new).toList();
        if (wellFormed.size() == ids.size()) {
            return wellFormed;
        }
        List<String> found =
                engine.backend().staging().find(access.project(), task.id(), wellFormed).stream()
                        .map(StagedArtifact::artifact)
                        .map(artifact -> artifact.id().value())
                        .toList();
        throw missingArtifacts(ids.stream().filter(id -> !found.contains(id)).toList());
    }
}
