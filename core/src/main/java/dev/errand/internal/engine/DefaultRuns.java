package dev.errand.internal.engine;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.error.Violation;
import dev.errand.internal.rules.LogEntries;
import dev.errand.internal.rules.ObjectTags;
import dev.errand.internal.rules.RunChanges;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.Cancellation;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RelayMessageRequest;
import dev.errand.run.RelayResult;
import dev.errand.run.RunDescription;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.Runs;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.StatusPolicy;
import dev.errand.run.UpdateRunRequest;
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

/** The implementation of {@link Runs}. */
public final class DefaultRuns implements Runs {

    private final Engine engine;
    private final AccessControl access;
    private final RunCreation creation;
    private final RunRepository stored;
    private final Function<Run, RunDescription> describing;

    public DefaultRuns(
            Engine engine, AccessControl access, Function<Run, RunDescription> describing) {
        this.describing = describing;
        this.engine = engine;
        this.access = access;
        this.creation = new RunCreation(engine, access);
        this.stored = new RunRepository(engine, access);
    }

    @Override
    public TaskWithLatestRun run(
            TaskId task, RunTaskRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
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

    @Override
    public Run create(TaskId task, CreateRunRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
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

    @Override
    public Page<Run> list(TaskId task, PageRequest page) {
        access.requireRead(task);
        stored.findTask(task, NotFoundException::taskNotFound);
        return engine.backend().runs().list(access.project(), task, page);
    }

    @Override
    public Run get(TaskId task, RunId run) {
        access.requireRead(task);
        stored.findTask(task, NotFoundException::taskNotFound);
        return stored.find(task, run);
    }

    @Override
    public RunDescription describe(TaskId task, RunId run) {
        return describing.apply(get(task, run));
    }

    @Override
    public Run update(TaskId task, RunId run, UpdateRunRequest request) {
        engine.validator().validate(request);
        access.requireWrite(task, run);
        stored.findTask(task, NotFoundException::taskNotFound);
        return changing(
                task,
                run,
                current ->
                        RunChanges.updated(
                                current, request, engine.policies().statusPolicy(), engine.now()));
    }

    @Override
    public Cancellation cancel(TaskId task, RunId run) {
        access.requireWrite(task, run);
        return RunCancellation.ofRun(
                decision -> {
                    stored.findTask(task, NotFoundException::taskNotFound);
                    return changing(task, run, decision);
                },
                engine);
    }

    @Override
    public TaskWithLatestRun start(
            TaskId task, RunId run, StartRunRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
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

    @Override
    public Run setOutput(TaskId task, RunId run, SetOutputRequest request) {
        engine.validator().validate(request);
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

    @Override
    public Run appendLog(
            TaskId task, RunId run, AppendLogRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
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

    @Override
    public RelayResult relayMessage(TaskId task, RunId run, RelayMessageRequest request) {
        engine.validator().validate(request);
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

    @Override
    public List<RunId> resumeChain(TaskId task, RunId run) {
        return ResumeChain.of(
                get(task, run), id -> engine.backend().runs().find(access.project(), task, id));
    }

    @Override
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
