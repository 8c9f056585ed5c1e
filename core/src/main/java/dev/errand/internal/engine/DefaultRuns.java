package dev.errand.internal.engine;

import dev.errand.access.RunGrant;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.internal.json.LogEntries;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.internal.schema.OutputSchemas;
import dev.errand.profile.ApiProfile;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.Cancellation;
import dev.errand.run.CommandReply;
import dev.errand.run.CommandRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RunDescription;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.RunUpdate;
import dev.errand.run.Runs;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The default implementation of {@link Runs}. Each operation validates the request, checks access,
 * decides with the rules of {@link dev.errand.internal.rules}, stores the result in one
 * transaction, and then notifies listeners and dispatchers.
 */
public final class DefaultRuns implements Runs {

    private final Engine engine;
    private final AccessControl access;
    private final RunFactory factory;
    private final RunRepository repository;
    private final SandboxCommands commands;
    private final Function<StoredRun, RunDescription> explainer;

    /**
     * Creates the operations of one caller.
     *
     * @param explainer describes the state of a run
     */
    public DefaultRuns(
            Engine engine, AccessControl access, Function<StoredRun, RunDescription> explainer) {
        this.engine = engine;
        this.access = access;
        this.factory = new RunFactory(engine, access);
        this.repository = new RunRepository(engine, access);
        this.commands = new SandboxCommands(engine, access);
        this.explainer = explainer;
    }

    @Override
    public TaskWithLatestRun run(
            TaskId task, RunTaskRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
        access.requireProjectWrite();
        factory.checkEffort(request.selection());
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "run_task", task, request);
        Optional<TaskWithLatestRun> first = IdempotencyKeys.findStoredResult(engine, access, key);
        if (first.isPresent()) {
            return first.get();
        }
        Task found = repository.getTask(task, NotFoundException::new);
        return insert(factory.queuedRun(found, request, engine.now()), key, NotFoundException::new);
    }

    @Override
    public Run create(TaskId task, CreateRunRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
        access.requireProjectWrite();
        factory.checkEffort(request.selection());
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "create_run", task, request);
        Optional<TaskWithLatestRun> first = IdempotencyKeys.findStoredResult(engine, access, key);
        if (first.isPresent()) {
            return first.get().latestRun().orElseThrow();
        }
        Task found = getTask(task);
        return insert(factory.notStartedRun(found, request), key, NotFoundException::taskNotFound)
                .latestRun()
                .orElseThrow();
    }

    @Override
    public Page<Run> list(TaskId task, PageRequest page) {
        access.requireProjectRead();
        getTask(task);
        return engine.backend().runs().list(access.project(), task, page);
    }

    @Override
    public Run get(TaskId task, RunId run) {
        return repository.getReadable(task, run).run();
    }

    @Override
    public RunDescription describe(TaskId task, RunId run) {
        return explainer.apply(repository.getReadable(task, run));
    }

    @Override
    public Run update(TaskId task, RunId run, UpdateRunRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        return repository.update(task, run, current -> updated(current, request));
    }

    private StoredRun updated(StoredRun current, UpdateRunRequest request) {
        StatusPolicy policy = engine.options().statusPolicy();
        return engine.profile().includes(ApiProfile.V2026_09)
                ? RunUpdateRules.updatedLate(current, request, policy, engine.now())
                : RunUpdateRules.updated(current, request, policy, engine.now());
    }

    @Override
    public Cancellation cancel(TaskId task, RunId run, CancelRunRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        try {
            AtomicReference<Run> before = new AtomicReference<>();
            Run after =
                    repository.update(
                            task,
                            run,
                            current -> {
                                before.set(current.run());
                                return cancellation(current.run(), request, current.run())
                                                instanceof Cancellation.Accepted
                                        ? RunUpdateRules.cancelRequested(
                                                current,
                                                RunUpdateRules.CancelSource.API,
                                                request.reason(),
                                                access.caller().user(),
                                                engine.now())
                                        : current;
                            });
            Cancellation result =
                    cancellation(Objects.requireNonNull(before.get()), request, after);
            if (result instanceof Cancellation.Accepted && !after.status().isTerminal()) {
                engine.afterCommit(() -> commands.interrupt(after));
            }
            return result;
        } catch (NotFoundException notFound) {
            return new Cancellation.NotFound(notFound);
        } catch (ConflictException | PortException failure) {
            return new Cancellation.Unavailable(failure);
        }
    }

    /** Returns the result of a request to cancel a run (docs/wire/runs.md#l2). */
    private static Cancellation cancellation(Run before, CancelRunRequest request, Run after) {
        if (before.status().isTerminal()) {
            return new Cancellation.AlreadyTerminal(after);
        }
        if (before.environment() != RunEnvironment.CLOUD) {
            return new Cancellation.NotCancellable(after);
        }
        return request.onlyIfAwaitingFirstMessage().orElse(false)
                ? new Cancellation.NotAwaitingMessage(after)
                : new Cancellation.Accepted(after);
    }

    @Override
    public TaskWithLatestRun start(
            TaskId task, RunId run, StartRunRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
        access.requireProjectWrite();
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "start_run", run, request);
        Task found = getTask(task);
        Optional<TaskWithLatestRun> first = IdempotencyKeys.findStoredResult(engine, access, key);
        if (first.isPresent()) {
            return first.get();
        }
        return OptimisticRetry.untilPresent(
                engine.random(), () -> tryStart(found, run, request, key));
    }

    @Override
    public Run resumeInCloud(TaskId task, RunId run) {
        access.requireProjectWrite();
        return new RunRestarter(engine, access, repository).restart(task, run);
    }

    /** Returns the task after the start, or empty if another update of the run came first. */
    private Optional<TaskWithLatestRun> tryStart(
            Task task, RunId id, StartRunRequest request, Optional<Idempotency> key) {
        StoredRun before = repository.get(task.id(), id);
        RunScheduling scheduling =
                engine.options().schedulingPolicy().schedulingOf(task, before.run());
        StoredRun after = RunUpdateRules.started(before, request, scheduling, engine.now());
        checkManifest(before.run(), request.pendingUserArtifactIds());
        if (after == before && key.isEmpty()) {
            return Optional.of(withLatestRun(task));
        }
        // A key is stored only with a new version, even if nothing else changes.
        StoredRun next =
                after == before ? before.withRun(before.run().change(engine.now()).build()) : after;
        RunUpdateResult result = repository.store(RunChange.of(before, next).withKey(key));
        if (result instanceof RunUpdateResult.Updated) {
            engine.wakeUp().accept(id);
            return Optional.of(withLatestRun(task));
        }
        if (result instanceof RunUpdateResult.Replayed replayed) {
            return Optional.of(replayed.first());
        }
        if (result instanceof RunUpdateResult.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        if (result instanceof RunUpdateResult.NotFound) {
            throw new NotFoundException();
        }
        return Optional.empty();
    }

    private TaskWithLatestRun withLatestRun(Task task) {
        return engine.backend()
                .tasks()
                .find(access.project(), task.id())
                .orElseThrow(NotFoundException::taskNotFound);
    }

    private static void checkManifest(Run run, List<String> ids) {
        Set<String> known =
                run.artifacts().stream()
                        .map(artifact -> artifact.id().value())
                        .collect(Collectors.toSet());
        List<String> missing = ids.stream().distinct().filter(id -> !known.contains(id)).toList();
        if (!missing.isEmpty()) {
            throw InvalidRequestException.of(
                    Violation.missingArtifacts(
                            "pending_user_artifact_ids",
                            "Some pending_user_artifact_ids are invalid for this run",
                            missing));
        }
    }

    @Override
    public Run setOutput(TaskId task, RunId run, SetOutputRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        Optional<JsonText> schema = getTask(task).details().jsonSchema();
        StoredRun found = repository.get(task, run);
        schema.flatMap(rules -> OutputSchemas.problem(rules, request.output()))
                .ifPresent(
                        reason -> {
                            throw InvalidRequestException.of(
                                    Violation.of(
                                            ErrorCode.OUTPUT_INVALID,
                                            "output",
                                            "Output validation error: " + reason));
                        });
        return repository.update(
                found,
                current ->
                        RunUpdateRules.withOutput(
                                current, request.output(), schema.isPresent(), engine.now()));
    }

    @Override
    public Run appendLog(
            TaskId task, RunId run, AppendLogRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        int max = engine.options().maxLogEntriesPerRequest();
        if (request.entries().size() > max) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.MAX_LENGTH,
                            "entries",
                            "Ensure this field has no more than " + max + " elements."));
        }
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "append_log", run, request);
        Run found = repository.getReportable(task, run);
        List<LogEntry> entries = LogEntries.toStore(request.entries());
        RunLog.AppendResult result =
                engine.logs()
                        .append(
                                access.project(),
                                run,
                                access.caller().grant().map(RunGrant::sandbox),
                                entries,
                                key);
        if (result instanceof RunLog.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        if (result instanceof RunLog.NotFound) {
            throw new NotFoundException();
        }
        if (result instanceof RunLog.Superseded) {
            throw AccessDeniedException.supersededAttempt();
        }
        return found;
    }

    @Override
    public Runs.RelayResult relayMessage(TaskId task, RunId run, RelayMessageRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        Run found = repository.getReportable(task, run);
        if (found.status().isTerminal()) {
            return Runs.RelayResult.SKIPPED;
        }
        try {
            return new Runs.RelayResult(engine.relay().relay(found, request.text()));
        } catch (PortException failure) {
            throw UnavailableException.messageRelay(failure);
        }
    }

    @Override
    public Secret connectionToken(TaskId task, RunId run) {
        access.requireProjectWrite();
        Task found = getTask(task);
        return commands.token(found, repository.get(task, run).run());
    }

    @Override
    public CompletionStage<CommandReply> sendCommand(
            TaskId task, RunId run, CommandRequest request) {
        engine.validator().validate(request);
        access.requireProjectWrite();
        Task found = getTask(task);
        return commands.send(found, repository.get(task, run).run(), request);
    }

    @Override
    public List<RunId> resumeChain(TaskId task, RunId run) {
        return repository.resumeChain(task, get(task, run));
    }

    @Override
    public List<StoredLogEntry> readLog(
            TaskId task, RunId run, LogFilter filter, long after, int max) {
        get(task, run);
        return engine.backend().log().read(access.project(), run, filter, after, max);
    }

    @Override
    public LogPage findLogPage(TaskId task, RunId run, LogFilter filter, long offset) {
        get(task, run);
        return engine.backend().log().findPage(access.project(), run, filter, offset);
    }

    @Override
    public Flow.Publisher<RunUpdate> watch(TaskId task, RunId run, long after) {
        get(task, run);
        return subscriber ->
                engine.watchers().subscribe(access.project(), task, run, after, subscriber);
    }

    private Task getTask(TaskId task) {
        return repository.getTask(task, NotFoundException::taskNotFound);
    }

    private TaskWithLatestRun insert(
            RunFactory.Draft draft,
            Optional<Idempotency> key,
            Supplier<NotFoundException> taskNotFound) {
        Run run = draft.run().run();
        draft.token().ifPresent(token -> RunSecrets.store(engine, run, token));
        RunInsertResult result =
                engine.events()
                        .commitAndPublish(
                                run.id(),
                                () ->
                                        engine.backend()
                                                .runs()
                                                .insert(access.project(), draft.run(), key),
                                DefaultRuns::event);
        if (result instanceof RunInsertResult.Inserted inserted) {
            inserted.task().latestRun().orElseThrow().artifacts().forEach(this::extendLifetime);
            if (draft.run().entry().isPresent()) {
                engine.wakeUp().accept(run.id());
            }
            return inserted.task();
        }
        if (draft.token().isPresent()) {
            RunSecrets.erase(engine, run);
        }
        if (result instanceof RunInsertResult.Replayed replayed) {
            return replayed.first();
        }
        if (result instanceof RunInsertResult.ArtifactsNotFound missing) {
            throw RunFactory.missingArtifacts(
                    missing.ids().stream().map(ArtifactId::value).toList());
        }
        if (result instanceof RunInsertResult.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        throw taskNotFound.get();
    }

    private static Optional<RunEvent> event(RunInsertResult result) {
        return result instanceof RunInsertResult.Inserted inserted
                ? inserted.task()
                        .latestRun()
                        .map(run -> new RunEvent.RunChanged(Optional.empty(), run))
                : Optional.empty();
    }

    /**
     * A staged object expires in a day; one that a run uses is kept longer
     * (docs/wire/artifacts.md#h7).
     */
    private void extendLifetime(Artifact artifact) {
        engine.afterCommit(
                () ->
                        engine.tagger()
                                .tag(
                                        access.project(),
                                        artifact.storagePath(),
                                        ObjectTags.onRun(access.project())));
    }
}
