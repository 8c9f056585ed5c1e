package dev.errand.internal.engine;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.RunSettings;
import dev.errand.internal.rules.RunState;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RuntimeSelection;
import dev.errand.run.StateKey;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskUpdateResult;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * From a request and stored facts to a new run; the first rule that is broken wins (contract D6,
 * D10, E).
 */
public final class RunCreation {

    private static final String SERVER_INTEGRATION = "server_integration";

    private final Engine engine;
    private final AccessControl access;

    public RunCreation(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
    }

    /**
     * A run that is to be inserted, and the secret that goes beside it.
     *
     * @param run the run
     * @param token the caller's GitHub token, where it is kept
     * @param connection the GitHub connection that becomes the task's
     */
    public record Draft(NewRun run, Optional<Secret> token, Optional<UUID> connection) {

        Instant tokenExpiry() {
            return run.run().createdAt().plus(RunSecrets.KEPT_FOR);
        }
    }

    /**
     * Checks the effort that a request asks for, before anything is looked up (contract C2, E3).
     */
    public void checkEffort(RuntimeSelection selection) {
        if (selection.adapter().isEmpty()
                || selection.model().isEmpty()
                || selection.effort().isEmpty()) {
            return;
        }
        engine.policies()
                .reasoningEfforts()
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

    /** A cloud run, queued from now on, with its attachments (contract D6). */
    public Draft toExecute(Task task, RunTaskRequest request, Instant now) {
        Optional<RunState> resumed =
                request.resumeFromRunId().map(id -> RunState.of(resumedRun(task, id)));
        RunSettings wanted = RunSettings.of(request, resumed);
        checkEffort(wanted.selection());
        Authorized authorized = authorize(task, wanted, true, request.githubUserSecret());
        RunSettings settings =
                checkEnvironment(task, authorized.settings, request.sandboxEnvironmentId());
        List<String> artifactIds = distinct(request.pendingUserArtifactIds());
        List<ArtifactId> consumes = stagedIds(task, artifactIds);
        Optional<String> message = request.pendingUserMessage().filter(text -> !text.isEmpty());
        RunState.Draft state =
                state(
                                request.mode(),
                                message,
                                artifactIds,
                                request.initialPermissionMode(),
                                settings)
                        .put(StateKey.GITHUB_CREDENTIAL_SOURCE, authorized.credential)
                        .put(
                                StateKey.RESUME_FROM_RUN_ID,
                                request.resumeFromRunId().map(UUID::toString));
        Run run =
                newRun(
                        task,
                        RunStatus.QUEUED,
                        RunEnvironment.CLOUD,
                        settings,
                        state,
                        DispatchState.NONE.queued(now),
                        now);
        RunScheduling terms = engine.policies().schedulingPolicy().schedulingOf(task, run);
        Run queued =
                terms.equals(RunScheduling.DEFAULT)
                        ? run
                        : run.withDispatch(terms.of(run.dispatch()));
        return new Draft(new NewRun(queued, consumes), authorized.token, authorized.connection);
    }

    /** A run that is only recorded (contract D10). */
    public Draft toRecord(Task task, CreateRunRequest request) {
        boolean cloud = request.environment() == RunEnvironment.CLOUD;
        Authorized authorized =
                authorize(task, RunSettings.of(request), cloud, request.githubUserSecret());
        RunSettings settings =
                checkEnvironment(task, authorized.settings, request.sandboxEnvironmentId());
        RunState.Draft state =
                state(
                                request.mode(),
                                Optional.empty(),
                                List.of(),
                                request.initialPermissionMode(),
                                settings)
                        .put(StateKey.GITHUB_CREDENTIAL_SOURCE, authorized.credential);
        Run run =
                newRun(
                        task,
                        engine.policies().bootstrapStatus(),
                        request.environment(),
                        settings,
                        state,
                        DispatchState.NONE,
                        engine.now());
        return new Draft(new NewRun(run, List.of()), authorized.token, authorized.connection);
    }

    private static List<String> distinct(List<String> ids) {
        return ids.size() < 2 ? ids : ids.stream().distinct().toList();
    }

    public static InvalidRequestException missingArtifacts(List<String> ids) {
        return InvalidRequestException.of(
                Violation.missingArtifacts(
                        "pending_user_artifact_ids", ErrorCode.MISSING_ARTIFACTS.detail(), ids));
    }

    private Run newRun(
            Task task,
            RunStatus status,
            RunEnvironment environment,
            RunSettings settings,
            RunState.Draft state,
            DispatchState dispatch,
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
                dispatch,
                Optional.empty(),
                now,
                now,
                Optional.empty());
    }

    /**
     * The state document of a new run, its members in the order of the contract's examples
     * (contract F).
     */
    private static RunState.Draft state(
            ExecutionMode mode,
            Optional<String> message,
            List<String> artifactIds,
            Optional<PermissionMode> permissionMode,
            RunSettings settings) {
        RuntimeSelection selection = settings.selection();
        return RunState.draft()
                .putWire(StateKey.MODE, Optional.of(mode))
                .put(StateKey.PENDING_USER_MESSAGE, message)
                .putAll(StateKey.PENDING_ARTIFACT_IDS, artifactIds)
                .putWire(StateKey.INITIAL_PERMISSION_MODE, permissionMode)
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
                .orElseThrow(
                        () ->
                                InvalidRequestException.of(
                                        Violation.of(
                                                ErrorCode.INVALID_RESUME_RUN,
                                                "resume_from_run_id")));
    }

    /**
     * What authorship came to: the settings, the token that is kept, and the identity that the run
     * is tied to.
     */
    private record Authorized(
            RunSettings settings,
            Optional<Secret> token,
            Optional<String> credential,
            Optional<UUID> connection) {}

    private Authorized authorize(
            Task task, RunSettings settings, boolean cloud, Optional<Secret> token) {
        // A token is kept only for a run that acts as its user; with any other it is dropped here
        // (contract E4).
        boolean asUser = settings.authorship().equals(Optional.of(PrAuthorshipMode.USER));
        Optional<Secret> kept = asUser ? token : Optional.empty();
        UserAuthorship.Decision decision =
                UserAuthorship.decide(facts(task, settings, cloud, token.isPresent()));
        if (decision instanceof UserAuthorship.Refused refused) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                            "pr_authorship_mode",
                            refused.text()));
        }
        if (decision instanceof UserAuthorship.UseConnection use) {
            return new Authorized(
                    settings,
                    Optional.empty(),
                    Optional.of(SERVER_INTEGRATION),
                    Optional.of(use.connection()));
        }
        if (decision instanceof UserAuthorship.AsBot) {
            return new Authorized(
                    settings.authoredBy(PrAuthorshipMode.BOT),
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty());
        }
        return new Authorized(
                settings, kept, kept.map(secret -> RunSecrets.CALLER_TOKEN), Optional.empty());
    }

    private UserAuthorship.Facts facts(
            Task task, RunSettings settings, boolean cloud, boolean tokenGiven) {
        Optional<String> repository = task.details().repository().filter(name -> !name.isEmpty());
        Optional<GithubConnections> connections = engine.directory().githubConnections();
        boolean callerIsCreator =
                task.createdBy().isPresent() && task.createdBy().equals(access.caller().user());
        boolean asksForUser =
                cloud && settings.authorship().equals(Optional.of(PrAuthorshipMode.USER));
        boolean looksUp = asksForUser && repository.isPresent() && !tokenGiven;
        Optional<UUID> usable =
                looksUp && callerIsCreator
                        ? connections.flatMap(
                                port ->
                                        port.usableConnection(
                                                access.project(),
                                                task.createdBy().orElseThrow(),
                                                task.details().githubUserIntegration(),
                                                repository.get()))
                        : Optional.empty();
        return new UserAuthorship.Facts(
                cloud,
                settings.authorship(),
                repository.isPresent(),
                tokenGiven,
                connections.isPresent(),
                callerIsCreator,
                usable,
                looksUp
                        && (task.details().githubIntegration().isPresent()
                                || connections
                                        .map(port -> port.hasProjectConnection(access.project()))
                                        .orElse(false)),
                looksUp
                        && connections
                                .map(port -> port.offersUserConnections(access.project()))
                                .orElse(false));
    }

    /**
     * Notes the connection that a run acts through on its task, once the run stands; a task that
     * names one keeps its own.
     */
    public Task connect(Task task, UUID connection) {
        TaskDetails details = task.details();
        if (details.githubUserIntegration().isPresent()) {
            return task;
        }
        TaskDetails connected = details.withGithubUserIntegration(connection);
        TaskUpdateResult answer =
                engine.backend()
                        .tasks()
                        .update(access.project(), task.withDetails(connected, engine.now()));
        if (answer instanceof TaskUpdateResult.Updated advanced) {
            return advanced.task();
        }
        return engine.backend()
                .tasks()
                .find(access.project(), task.id())
                .map(current -> connect(current.task(), connection))
                .orElse(task);
    }

    private RunSettings checkEnvironment(
            Task task, RunSettings settings, Optional<UUID> requested) {
        Optional<UUID> wanted = settings.sandboxEnvironment();
        if (wanted.isEmpty() || isAccessible(task, wanted.get())) {
            return settings;
        }
        if (requested.isPresent()) {
            throw InvalidRequestException.of(
                    Violation.of(ErrorCode.INVALID_SANDBOX_ENVIRONMENT, "sandbox_environment_id"));
        }
        return settings.withoutEnvironment(); // Inherited, and no longer accessible (contract E5).
    }

    private boolean isAccessible(Task task, UUID id) {
        Optional<SandboxEnvironment> environment =
                engine.directory().findSandboxEnvironment(access.project(), id);
        return environment
                .map(
                        found ->
                                !found.isPrivate()
                                        || found.createdBy().isPresent()
                                                && found.createdBy().equals(task.createdBy()))
                .orElse(false);
    }

    /**
     * The ids as ids; the store decides whether they can be consumed, unless some cannot be ids at
     * all.
     */
    private List<ArtifactId> stagedIds(Task task, List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
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
