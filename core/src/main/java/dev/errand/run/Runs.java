package dev.errand.run;

import dev.errand.artifact.ObjectTags;
import dev.errand.engine.Access;
import dev.errand.engine.Engine;
import dev.errand.engine.IdempotencyKeys;
import dev.errand.engine.OptimisticRetry;
import dev.errand.engine.RunRepository;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.spi.BackendException;
import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.JsonText;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.LogEntry;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunInsertResult;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.spi.run.StoredLogEntry;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import dev.errand.task.OutputSchemas;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The runs of one project, for one caller (contract D6, D9, D10, I1 to I5). Thread-safe.
 *
 * <p>Every method throws {@link RequestException} if the caller may not or names what is not there,
 * {@link InvalidRequestException} if the request breaks a rule, and {@link
 * dev.errand.spi.BackendException} if the storage fails; then nothing was changed that was not
 * acknowledged. The token of a sandbox whose attempt was superseded changes nothing.
 */
public final class Runs {

    private final Engine engine;
    private final Access access;
    private final RunCreation creation;
    private final RunRepository stored;
    private final Function<Run, RunDescription> describing;

    /** Made by {@link dev.errand.ProjectClient}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public Runs(Engine engine, Access access, Function<Run, RunDescription> describing) {
        this.describing = describing;
        this.engine = engine;
        this.access = access;
        this.creation = new RunCreation(engine, access);
        this.stored = new RunRepository(engine, access);
    }

    /**
     * Runs a task in the cloud: a queued run that the executor owes, and the task with it (contract
     * D6).
     */
    public TaskWithLatestRun run(TaskId task, RunTaskRequest request) {
        return run(task, request, Optional.empty());
    }

    /**
     * Runs a task, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    public TaskWithLatestRun run(
            TaskId task, RunTaskRequest request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        creation.checkEffort(request.selection());
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "run_task", task, request);
        Optional<TaskWithLatestRun> first = firstAnswer(key);
        if (first.isPresent()) {
            return first.get();
        }
        Task found = stored.findTask(task, NotFoundException::new);
        return insert(
                creation.toExecute(found, request, engine.now()), key, NotFoundException::new);
    }

    /** Records a run without starting it (contract D10). */
    public Run create(TaskId task, CreateRunRequest request) {
        return create(task, request, Optional.empty());
    }

    /**
     * Records a run, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    public Run create(TaskId task, CreateRunRequest request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        creation.checkEffort(request.selection());
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "create_run", task, request);
        Optional<TaskWithLatestRun> first = firstAnswer(key);
        if (first.isPresent()) {
            return first.get().latestRun().orElseThrow();
        }
        Task found = stored.findTask(task, NotFoundException::taskNotFound);
        return insert(creation.toRecord(found, request), key, NotFoundException::taskNotFound)
                .latestRun()
                .orElseThrow();
    }

    /** Reads one page of a task's runs, newest first (contract D9). */
    public Page<Run> list(TaskId task, PageRequest page) {
        access.requireRead(task);
        stored.findTask(task, NotFoundException::taskNotFound);
        return engine.backend().runs().list(access.project(), task, page);
    }

    /** Reads a run (contract I1). */
    public Run get(TaskId task, RunId run) {
        access.requireRead(task);
        stored.findTask(task, NotFoundException::taskNotFound);
        return stored.find(task, run);
    }

    /**
     * Tells why a run is where it is, and what happens next, when: by the options of this engine's
     * dispatcher, or the default ones if it has none.
     */
    public RunDescription describe(TaskId task, RunId run) {
        return describing.apply(get(task, run));
    }

    /** Changes what the update says, all of it in one step or nothing (contract I2). */
    public Run update(TaskId task, RunId run, UpdateRunRequest request) {
        access.requireWrite(task, run);
        stored.findTask(task, NotFoundException::taskNotFound);
        return changing(
                task,
                run,
                current ->
                        RunChanges.updated(
                                current, request, engine.policies().statusPolicy(), engine.now()));
    }

    /**
     * Calls a run off: what an update to {@code cancelled} does, with an answer for every outcome
     * (contract G3, design 5). Repeating it is safe.
     *
     * @throws RequestException if the caller may not
     */
    public Cancellation cancel(TaskId task, RunId run) {
        access.requireWrite(task, run);
        return RunCancellation.ofRun(
                decision -> {
                    stored.findTask(task, NotFoundException::taskNotFound);
                    return changing(task, run, decision);
                },
                engine);
    }

    /** Starts a recorded cloud run; starting it again starts nothing twice (contract I3). */
    public TaskWithLatestRun start(TaskId task, RunId run, StartRunRequest request) {
        return start(task, run, request, Optional.empty());
    }

    /**
     * Starts a run, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    public TaskWithLatestRun start(
            TaskId task, RunId run, StartRunRequest request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "start_run", run, request);
        Task found = stored.findTask(task, NotFoundException::taskNotFound);
        Optional<TaskWithLatestRun> answered = firstAnswer(key);
        if (answered.isPresent()) {
            return answered.get();
        }
        Optional<TaskWithLatestRun> first =
                OptimisticRetry.untilAdvanced(
                        engine.random(), () -> tryStart(found, run, request, key));
        return first.orElseGet(
                () ->
                        engine.backend()
                                .tasks()
                                .find(access.project(), task)
                                .orElseThrow(NotFoundException::taskNotFound));
    }

    /**
     * Replaces a run's output; one that satisfies the task's schema completes the run (contract
     * I4).
     */
    public Run setOutput(TaskId task, RunId run, SetOutputRequest request) {
        access.requireWrite(task, run);
        Task found = stored.findTask(task, NotFoundException::taskNotFound);
        Optional<JsonText> schema = found.details().jsonSchema();
        stored.find(task, run);
        schema.flatMap(rules -> OutputSchemas.problem(rules, request.output()))
                .ifPresent(
                        reason -> {
                            throw InvalidRequestException.of(
                                    Violation.of(
                                            ErrorCode.OUTPUT_INVALID,
                                            "output",
                                            "Output validation error: " + reason));
                        });
        return changing(
                task,
                run,
                current ->
                        RunChanges.withOutput(
                                current, request.output(), schema.isPresent(), engine.now()));
    }

    /** Appends to a run's log (contract I5); the run itself does not change. */
    public Run appendLog(TaskId task, RunId run, AppendLogRequest request) {
        return appendLog(task, run, request, Optional.empty());
    }

    /**
     * Appends to a run's log; what comes again under the same key or event ids is not stored again
     * (contract J29).
     */
    public Run appendLog(
            TaskId task, RunId run, AppendLogRequest request, Optional<String> idempotencyKey) {
        access.requireWrite(task, run);
        int max = engine.policies().maxLogEntriesPerRequest();
        if (request.entries().size() > max) {
            throw InvalidRequestException.of(
                    Violation.of(
                            ErrorCode.MAX_LENGTH,
                            "entries",
                            "Ensure this field has no more than " + max + " elements."));
        }
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "append_log", run, request);
        stored.findTask(task, NotFoundException::taskNotFound);
        Run found = stored.find(task, run);
        access.requireCurrent(found);
        List<LogEntry> entries = LogEntries.kept(request.entries());
        RunLog log = engine.backend().log();
        RunLog.AppendResult answer =
                access.caller()
                        .grant()
                        .map(
                                grant ->
                                        log.append(
                                                access.project(),
                                                grant.sandbox().run(),
                                                Optional.of(grant.sandbox()),
                                                entries,
                                                key))
                        .orElseGet(
                                () ->
                                        log.append(
                                                access.project(),
                                                run,
                                                Optional.empty(),
                                                entries,
                                                key));
        if (answer instanceof RunLog.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        if (answer instanceof RunLog.Superseded) {
            throw AccessDeniedException.supersededAttempt();
        }
        return found;
    }

    /**
     * Passes a message on to the chat thread of a run's task; skipped where the run has ended or no
     * thread belongs to it (contract I12).
     *
     * @throws UnavailableException if it could not be queued
     */
    public RelayResult relayMessage(TaskId task, RunId run, RelayMessageRequest request) {
        access.requireWrite(task, run);
        stored.findTask(task, NotFoundException::taskNotFound);
        Run found = stored.find(task, run);
        access.requireCurrent(found);
        if (found.status().isTerminal()) {
            return RelayResult.SKIPPED;
        }
        try {
            return new RelayResult(engine.relay().relay(found, request.text()));
        } catch (BackendException failure) {
            throw UnavailableException.messageRelay(failure);
        }
    }

    /**
     * A run and those that it resumes, at most ten, oldest first: whose logs tell its story
     * (contract E5, I7).
     */
    public List<RunId> resumeChain(TaskId task, RunId run) {
        return ResumeChain.of(
                get(task, run), id -> engine.backend().runs().find(access.project(), task, id));
    }

    /**
     * Reads a part of a run's log, oldest first.
     *
     * @param after the position after which to begin; 0 for the start
     * @param max how many entries at most
     */
    public List<StoredLogEntry> readLog(TaskId task, RunId run, long after, int max) {
        get(task, run);
        return engine.backend().log().read(access.project(), run, after, max);
    }

    private Optional<TaskWithLatestRun> firstAnswer(Optional<Idempotency> key) {
        Optional<InsertResult<TaskWithLatestRun>> answer =
                key.flatMap(given -> engine.backend().runs().findAnswer(access.project(), given));
        if (answer.isPresent() && answer.get() instanceof InsertResult.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        return answer.map(found -> ((InsertResult.Replayed<TaskWithLatestRun>) found).first());
    }

    private TaskWithLatestRun insert(
            RunCreation.Draft draft,
            Optional<Idempotency> key,
            Supplier<NotFoundException> noTask) {
        NewRun run = draft.run();
        RunId id = run.run().id();
        draft.token()
                .ifPresent(
                        token ->
                                engine.backend()
                                        .secrets()
                                        .put(
                                                access.project(),
                                                id,
                                                RunSecrets.of(token),
                                                draft.tokenExpiry()));
        RunInsertResult answer =
                engine.events()
                        .committing(
                                id,
                                () -> engine.backend().runs().insert(access.project(), run, key),
                                committed ->
                                        committed instanceof RunInsertResult.Inserted inserted
                                                ? new RunEvent.RunChanged(
                                                        Optional.empty(),
                                                        inserted.task().latestRun().orElseThrow())
                                                : null);
        if (answer instanceof RunInsertResult.Inserted inserted) {
            keepObjects(inserted.task().latestRun().orElseThrow());
            if (run.run().dispatch().phase().isActive()) {
                engine.wakeUp().accept(id);
            }
            Task task = inserted.task().task();
            return new TaskWithLatestRun(
                    draft.connection().map(one -> creation.connect(task, one)).orElse(task),
                    inserted.task().latestRun());
        }
        draft.token().ifPresent(token -> engine.backend().secrets().erase(access.project(), id));
        if (answer instanceof RunInsertResult.Replayed replayed) {
            return replayed.first();
        }
        if (answer instanceof RunInsertResult.ArtifactsNotFound missing) {
            throw RunCreation.missingArtifacts(
                    missing.ids().stream().map(Object::toString).toList());
        }
        if (answer instanceof RunInsertResult.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        throw noTask.get();
    }

    /** What was staged for a day is part of a run now (contract H7). */
    private void keepObjects(Run run) {
        for (Artifact artifact : run.artifacts()) {
            engine.tagging()
                    .tag(
                            access.project(),
                            artifact.storagePath(),
                            ObjectTags.onRun(access.project()));
        }
    }

    /** Empty inside: started now. Empty outside: another change came first. */
    private Optional<Optional<TaskWithLatestRun>> tryStart(
            Task task, RunId run, StartRunRequest request, Optional<Idempotency> key) {
        Run before = stored.find(task.id(), run);
        RunScheduling terms = engine.policies().schedulingPolicy().schedulingOf(task, before);
        Run after = RunChanges.started(before, request, terms, engine.now());
        checkManifest(before, request.pendingUserArtifactIds());
        if (after == before && key.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        // With a key the answer is to be remembered, so that there is a change even where nothing
        // else does.
        Run remembered = after == before ? before.change(engine.now()).build() : after;
        RunUpdateResult answer =
                stored.advance(before, RunChange.of(before, remembered).withKey(key));
        if (answer instanceof RunUpdateResult.Updated) {
            engine.wakeUp().accept(run);
            return Optional.of(Optional.empty());
        }
        if (answer instanceof RunUpdateResult.Replayed replayed) {
            return Optional.of(Optional.of(replayed.first()));
        }
        if (answer instanceof RunUpdateResult.KeyConflict) {
            throw IdempotencyKeys.conflict();
        }
        if (answer instanceof RunUpdateResult.NotFound) {
            throw new NotFoundException();
        }
        return Optional.empty();
    }

    private static void checkManifest(Run run, List<String> ids) {
        List<String> missing =
                ids.stream()
                        .distinct()
                        .filter(
                                id ->
                                        run.artifacts().stream()
                                                .noneMatch(
                                                        artifact ->
                                                                artifact.id().value().equals(id)))
                        .toList();
        if (!missing.isEmpty()) {
            throw InvalidRequestException.of(
                    Violation.missingArtifacts(
                            "pending_user_artifact_ids",
                            "Some pending_user_artifact_ids are invalid for this run",
                            missing));
        }
    }

    private Run changing(TaskId task, RunId run, Function<Run, Run> decision) {
        return stored.changing(
                task,
                run,
                decision,
                this::change,
                (before, after) -> {
                    RunSecrets.eraseIfOver(engine, after);
                    if (!before.dispatch().stop().equals(after.dispatch().stop())) {
                        engine.wakeUp().accept(run);
                    }
                });
    }

    /** Only a host that chose the permissive policy lets anybody undo an end (contract G3). */
    private RunChange change(Run before, Run after) {
        return engine.policies().statusPolicy() == StatusPolicy.PERMISSIVE
                ? RunChange.reopening(before, after)
                : RunChange.of(before, after);
    }
}
