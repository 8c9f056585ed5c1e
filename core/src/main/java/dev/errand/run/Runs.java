package dev.errand.run;

import dev.errand.ErrorCode;
import dev.errand.RequestDenied;
import dev.errand.RequestRefused;
import dev.errand.Violation;
import dev.errand.artifact.ObjectTags;
import dev.errand.engine.Access;
import dev.errand.engine.Attempts;
import dev.errand.engine.Engine;
import dev.errand.engine.Repetition;
import dev.errand.engine.StoredRuns;
import dev.errand.spi.BackendException;
import dev.errand.spi.Idempotency;
import dev.errand.spi.Insertion;
import dev.errand.spi.JsonText;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.LogEntry;
import dev.errand.spi.run.LogLine;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunAdvance;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunInsertion;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithRun;
import dev.errand.task.OutputSchemas;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The runs of one project, for one caller (contract D6, D9, D10, I1 to I5). Thread-safe.
 *
 * <p>Every method throws {@link RequestDenied} if the caller may not or names what is not there,
 * {@link RequestRefused} if the request breaks a rule, and {@link dev.errand.spi.BackendException}
 * if the storage fails; then nothing was changed that was not acknowledged. The token of a sandbox
 * whose attempt was superseded changes nothing.
 */
public final class Runs {

    private final Engine engine;
    private final Access access;
    private final RunCreation creation;
    private final StoredRuns stored;
    private final Function<Run, RunDescription> describing;

    /** Made by {@link dev.errand.ProjectApi}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public Runs(Engine engine, Access access, Function<Run, RunDescription> describing) {
        this.describing = describing;
        this.engine = engine;
        this.access = access;
        this.creation = new RunCreation(engine, access);
        this.stored = new StoredRuns(engine, access);
    }

    /**
     * Runs a task in the cloud: a queued run that the executor owes, and the task with it (contract
     * D6).
     */
    public TaskWithRun run(TaskId task, RunTask request) {
        return run(task, request, Optional.empty());
    }

    /**
     * Runs a task, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    public TaskWithRun run(TaskId task, RunTask request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        creation.checkEffort(request.selection());
        Optional<Idempotency> key =
                Repetition.of(idempotencyKey, access.caller(), "run_task", task, request);
        Optional<TaskWithRun> first = firstAnswer(key);
        if (first.isPresent()) {
            return first.get();
        }
        Task found = stored.findTask(task, RequestDenied::notFound);
        return insert(
                creation.toExecute(found, request, engine.now()), key, RequestDenied::notFound);
    }

    /** Records a run without starting it (contract D10). */
    public Run create(TaskId task, CreateRun request) {
        return create(task, request, Optional.empty());
    }

    /**
     * Records a run, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    public Run create(TaskId task, CreateRun request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        creation.checkEffort(request.selection());
        Optional<Idempotency> key =
                Repetition.of(idempotencyKey, access.caller(), "create_run", task, request);
        Optional<TaskWithRun> first = firstAnswer(key);
        if (first.isPresent()) {
            return first.get().latestRun().orElseThrow();
        }
        Task found = stored.findTask(task, RequestDenied::taskNotFound);
        return insert(creation.toRecord(found, request), key, RequestDenied::taskNotFound)
                .latestRun()
                .orElseThrow();
    }

    /** Reads one page of a task's runs, newest first (contract D9). */
    public Page<Run> list(TaskId task, PageRequest page) {
        access.requireRead(task);
        stored.findTask(task, RequestDenied::taskNotFound);
        return engine.backend().runs().list(access.project(), task, page);
    }

    /** Reads a run (contract I1). */
    public Run get(TaskId task, RunId run) {
        access.requireRead(task);
        stored.findTask(task, RequestDenied::taskNotFound);
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
    public Run update(TaskId task, RunId run, UpdateRun request) {
        access.requireWrite(task, run);
        stored.findTask(task, RequestDenied::taskNotFound);
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
     * @throws RequestDenied if the caller may not
     */
    public Cancellation cancel(TaskId task, RunId run) {
        access.requireWrite(task, run);
        return RunCancellation.ofRun(
                decision -> {
                    stored.findTask(task, RequestDenied::taskNotFound);
                    return changing(task, run, decision);
                },
                engine);
    }

    /** Starts a recorded cloud run; starting it again starts nothing twice (contract I3). */
    public TaskWithRun start(TaskId task, RunId run, StartRun request) {
        return start(task, run, request, Optional.empty());
    }

    /**
     * Starts a run, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    public TaskWithRun start(
            TaskId task, RunId run, StartRun request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        Optional<Idempotency> key =
                Repetition.of(idempotencyKey, access.caller(), "start_run", run, request);
        Task found = stored.findTask(task, RequestDenied::taskNotFound);
        Optional<TaskWithRun> answered = firstAnswer(key);
        if (answered.isPresent()) {
            return answered.get();
        }
        Optional<TaskWithRun> first =
                Attempts.untilAdvanced(engine.random(), () -> tryStart(found, run, request, key));
        return first.orElseGet(
                () ->
                        engine.backend()
                                .tasks()
                                .find(access.project(), task)
                                .orElseThrow(RequestDenied::taskNotFound));
    }

    /**
     * Replaces a run's output; one that satisfies the task's schema completes the run (contract
     * I4).
     */
    public Run setOutput(TaskId task, RunId run, SetOutput request) {
        access.requireWrite(task, run);
        Task found = stored.findTask(task, RequestDenied::taskNotFound);
        Optional<JsonText> schema = found.details().jsonSchema();
        stored.find(task, run);
        schema.flatMap(rules -> OutputSchemas.problem(rules, request.output()))
                .ifPresent(
                        reason -> {
                            throw RequestRefused.because(
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
    public Run appendLog(TaskId task, RunId run, AppendLog request) {
        return appendLog(task, run, request, Optional.empty());
    }

    /**
     * Appends to a run's log; what comes again under the same key or event ids is not stored again
     * (contract J29).
     */
    public Run appendLog(
            TaskId task, RunId run, AppendLog request, Optional<String> idempotencyKey) {
        access.requireWrite(task, run);
        int max = engine.policies().maxLogEntriesPerRequest();
        if (request.entries().size() > max) {
            throw RequestRefused.because(
                    Violation.of(
                            ErrorCode.MAX_LENGTH,
                            "entries",
                            "Ensure this field has no more than " + max + " elements."));
        }
        Optional<Idempotency> key =
                Repetition.of(idempotencyKey, access.caller(), "append_log", run, request);
        stored.findTask(task, RequestDenied::taskNotFound);
        Run found = stored.find(task, run);
        access.requireCurrent(found);
        List<LogEntry> entries = LogEntries.kept(request.entries());
        RunLog log = engine.backend().log();
        RunLog.Append answer =
                access.caller()
                        .grant()
                        .map(grant -> log.appendBy(access.project(), grant.sandbox(), entries, key))
                        .orElseGet(() -> log.append(access.project(), run, entries, key));
        if (answer instanceof RunLog.KeyConflict) {
            throw Repetition.conflict();
        }
        if (answer instanceof RunLog.Superseded) {
            throw RequestDenied.superseded();
        }
        return found;
    }

    /**
     * Passes a message on to the chat thread of a run's task; skipped where the run has ended or no
     * thread belongs to it (contract I12).
     *
     * @throws RelayUnavailable if it could not be queued
     */
    public Relayed relayMessage(TaskId task, RunId run, RelayMessage request) {
        access.requireWrite(task, run);
        stored.findTask(task, RequestDenied::taskNotFound);
        Run found = stored.find(task, run);
        access.requireCurrent(found);
        if (found.status().isTerminal()) {
            return Relayed.SKIPPED;
        }
        try {
            return new Relayed(engine.relay().relay(found, request.text()));
        } catch (BackendException failure) {
            throw RelayUnavailable.because(ErrorCode.RELAY_UNAVAILABLE.detail(), failure);
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
    public List<LogLine> readLog(TaskId task, RunId run, long after, int max) {
        get(task, run);
        return engine.backend().log().read(access.project(), run, after, max);
    }

    private Optional<TaskWithRun> firstAnswer(Optional<Idempotency> key) {
        Optional<Insertion<TaskWithRun>> answer =
                key.flatMap(given -> engine.backend().runs().findAnswer(access.project(), given));
        if (answer.isPresent() && answer.get() instanceof Insertion.KeyConflict) {
            throw Repetition.conflict();
        }
        return answer.map(found -> ((Insertion.Replayed<TaskWithRun>) found).first());
    }

    private TaskWithRun insert(
            RunCreation.Draft draft, Optional<Idempotency> key, Supplier<RequestDenied> noTask) {
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
        RunInsertion answer =
                engine.events()
                        .committing(
                                id,
                                () -> engine.backend().runs().insert(access.project(), run, key),
                                committed ->
                                        committed instanceof RunInsertion.Inserted inserted
                                                ? new RunEvent.RunChanged(
                                                        Optional.empty(),
                                                        inserted.task().latestRun().orElseThrow())
                                                : null);
        if (answer instanceof RunInsertion.Inserted inserted) {
            keepObjects(inserted.task().latestRun().orElseThrow());
            if (run.run().dispatch().phase().isOwed()) {
                engine.wakeUp().accept(id);
            }
            Task task = inserted.task().task();
            return new TaskWithRun(
                    draft.connection().map(one -> creation.connect(task, one)).orElse(task),
                    inserted.task().latestRun());
        }
        draft.token().ifPresent(token -> engine.backend().secrets().erase(access.project(), id));
        if (answer instanceof RunInsertion.Replayed replayed) {
            return replayed.first();
        }
        if (answer instanceof RunInsertion.ArtifactsMissing missing) {
            throw RunCreation.missingArtifacts(
                    missing.ids().stream().map(Object::toString).toList());
        }
        if (answer instanceof RunInsertion.KeyConflict) {
            throw Repetition.conflict();
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
    private Optional<Optional<TaskWithRun>> tryStart(
            Task task, RunId run, StartRun request, Optional<Idempotency> key) {
        Run before = stored.find(task.id(), run);
        RunTerms terms = engine.policies().termsPolicy().termsOf(task, before);
        Run after = RunChanges.started(before, request, terms, engine.now());
        checkManifest(before, request.pendingUserArtifactIds());
        if (after == before && key.isEmpty()) {
            return Optional.of(Optional.empty());
        }
        // With a key the answer is to be remembered, so that there is a change even where nothing
        // else does.
        Run remembered = after == before ? before.change(engine.now()).build() : after;
        RunAdvance answer = stored.advance(before, RunChange.of(before, remembered).keyed(key));
        if (answer instanceof RunAdvance.Advanced) {
            engine.wakeUp().accept(run);
            return Optional.of(Optional.empty());
        }
        if (answer instanceof RunAdvance.Replayed replayed) {
            return Optional.of(Optional.of(replayed.first()));
        }
        if (answer instanceof RunAdvance.KeyConflict) {
            throw Repetition.conflict();
        }
        if (answer instanceof RunAdvance.Missing) {
            throw RequestDenied.notFound();
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
            throw RequestRefused.because(
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
