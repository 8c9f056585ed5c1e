package dev.errand.task;

import dev.errand.engine.Access;
import dev.errand.engine.Engine;
import dev.errand.engine.IdempotencyKeys;
import dev.errand.engine.OptimisticRetry;
import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.run.FirstRuns;
import dev.errand.run.RunCancellation;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.NewTaskWithFirstRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskUpdateResult;
import dev.errand.spi.task.TaskWithLatestRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The tasks of one project, for one caller (contract D1 to D5, I14, I15). Thread-safe.
 *
 * <p>Every method throws {@link RequestException} if the caller may not, {@link
 * dev.errand.error.InvalidRequestException} if the request breaks a rule, and {@link
 * dev.errand.spi.BackendException} if the storage fails; then nothing was changed that was not
 * acknowledged.
 */
public final class Tasks {

    /** How many tasks can be created in one step. */
    public static final int MAX_BATCH = 1_000;

    private final Engine engine;
    private final Access access;
    private final TaskRules rules;
    private final FirstRuns firstRuns;

    /** Made by {@link dev.errand.ProjectClient}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public Tasks(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
        this.rules = new TaskRules(engine, access);
        this.firstRuns = new FirstRuns(engine, access);
    }

    /** Creates a task (contract D2). */
    public TaskWithLatestRun create(CreateTaskRequest request) {
        return create(request, Optional.empty());
    }

    /**
     * Creates a task, or answers as the first time when the same request comes again under the same
     * key (contract J29).
     */
    public TaskWithLatestRun create(CreateTaskRequest request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "create_task", request);
        Optional<InsertResult<TaskWithLatestRun>> first =
                key.flatMap(given -> engine.backend().runs().findAnswer(access.project(), given));
        if (first.isPresent()) {
            return created(first.get());
        }
        List<NewTaskWithFirstRun> task = List.of(NewTaskWithFirstRun.withoutRun(draft(request)));
        return created(single(engine.backend().tasks().insert(access.project(), task, key)));
    }

    /** Creates a task and runs it at once, in one step (contract D2, D6). */
    public TaskWithLatestRun createAndRun(CreateTaskRequest task, RunTaskRequest run) {
        access.requireProjectWrite();
        NewTask draft = draft(task);
        FirstRuns.First first = firstRun(draft, run);
        firstRuns.keepToken(first);
        return insertAll(List.of(withRun(draft, first))).get(0);
    }

    /**
     * Creates tasks in one step: all of them or none. Their numbers, and the answers, are in the
     * order given.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAX_BATCH}
     */
    public List<TaskWithLatestRun> createAll(List<CreateTaskRequest> requests) {
        access.requireProjectWrite();
        requireBatch(requests);
        return insertAll(
                requests.stream()
                        .map(request -> NewTaskWithFirstRun.withoutRun(draft(request)))
                        .toList());
    }

    /**
     * Creates tasks and runs them at once, in one step: all of them or none. Their numbers, and the
     * answers, are in the order given.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAX_BATCH}
     */
    public List<TaskWithLatestRun> createAndRunAll(List<CreateAndRunRequest> requests) {
        access.requireProjectWrite();
        requireBatch(requests);
        List<NewTaskWithFirstRun> drafts = new ArrayList<>(requests.size());
        List<FirstRuns.First> runs = new ArrayList<>(requests.size());
        for (CreateAndRunRequest request : requests) {
            NewTask task = draft(request.task());
            FirstRuns.First first = firstRun(task, request.run());
            runs.add(first);
            drafts.add(withRun(task, first));
        }
        runs.forEach(firstRuns::keepToken); // Not before every request was accepted.
        return insertAll(drafts);
    }

    private FirstRuns.First firstRun(NewTask task, RunTaskRequest run) {
        // No rule looks at the number, which only the storage knows.
        return firstRuns.of(task.numbered(access.project(), 0), run);
    }

    private static NewTaskWithFirstRun withRun(NewTask task, FirstRuns.First first) {
        return new NewTaskWithFirstRun(
                first.connection().map(task::withGithubUserIntegration).orElse(task),
                Optional.of(first.run()));
    }

    private static void requireBatch(List<?> requests) {
        if (requests.size() > MAX_BATCH) {
            throw new IllegalArgumentException(
                    requests.size() + " tasks are more than " + MAX_BATCH);
        }
    }

    private NewTask draft(CreateTaskRequest request) {
        Instant now = engine.now();
        return new NewTask(
                TaskId.of(engine.ids().next(now)),
                rules.detailsOf(request),
                access.caller().user(),
                now,
                rules.reportLink(request));
    }

    private List<TaskWithLatestRun> insertAll(List<NewTaskWithFirstRun> tasks) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        List<TaskWithLatestRun> inserted =
                engine.events()
                        .committingAll(
                                () -> runsOf(tasks), () -> insertUnkeyed(tasks), Tasks::eventsOf);
        for (TaskWithLatestRun each : inserted) {
            if (each.latestRun().isPresent()) {
                engine.wakeUp().accept(each.latestRun().get().id());
            }
        }
        return inserted;
    }

    private List<TaskWithLatestRun> insertUnkeyed(List<NewTaskWithFirstRun> tasks) {
        return ((InsertResult.Inserted<List<TaskWithLatestRun>>)
                        engine.backend().tasks().insert(access.project(), tasks, Optional.empty()))
                .value();
    }

    private static List<RunId> runsOf(List<NewTaskWithFirstRun> tasks) {
        return tasks.stream().flatMap(task -> task.run().stream()).map(Run::id).toList();
    }

    private static List<RunEvent> eventsOf(List<TaskWithLatestRun> inserted) {
        List<RunEvent> events = new ArrayList<>();
        for (TaskWithLatestRun each : inserted) {
            events.add(new RunEvent.TaskCreated(each.task()));
            each.latestRun()
                    .ifPresent(run -> events.add(new RunEvent.RunChanged(Optional.empty(), run)));
        }
        return events;
    }

    private TaskWithLatestRun created(InsertResult<TaskWithLatestRun> answer) {
        if (answer instanceof InsertResult.Inserted<TaskWithLatestRun> inserted) {
            engine.events().tell(new RunEvent.TaskCreated(inserted.value().task()));
            return inserted.value();
        }
        if (answer instanceof InsertResult.Replayed<TaskWithLatestRun> replayed) {
            return replayed.first();
        }
        throw IdempotencyKeys.conflict();
    }

    private static <T> InsertResult<T> single(InsertResult<List<T>> answer) {
        if (answer instanceof InsertResult.Inserted<List<T>> inserted) {
            return new InsertResult.Inserted<>(inserted.value().get(0));
        }
        return answer instanceof InsertResult.Replayed<List<T>> replayed
                ? new InsertResult.Replayed<>(replayed.first().get(0))
                : new InsertResult.KeyConflict<>();
    }

    /**
     * Reads a task with its latest run (contract D3).
     *
     * @throws RequestException if there is no such task
     */
    public TaskWithLatestRun get(TaskId id) {
        access.requireRead(id);
        return find(id);
    }

    /** Reads one page of the matching tasks, newest first, and counts them (contract D1). */
    public Page<TaskWithLatestRun> list(TaskFilter filter, PageRequest page) {
        access.requireProjectRead();
        return engine.backend().tasks().list(access.project(), filter, page);
    }

    /**
     * Reads one page of the named tasks, newest first, and counts them; what is not there is left
     * out (contract I14).
     */
    public Page<TaskWithLatestRun> summaries(SummarizeTasksRequest request, PageRequest page) {
        access.requireProjectRead();
        Set<TaskId> ids =
                request.ids().stream().map(TaskId::of).collect(Collectors.toUnmodifiableSet());
        return engine.backend().tasks().listByIds(access.project(), ids, page);
    }

    /**
     * Reads the repositories of all tasks but internal ones, each once, ascending (contract I15).
     */
    public List<String> repositories() {
        access.requireProjectRead();
        return engine.backend().tasks().listRepositories(access.project());
    }

    /**
     * Reads the matching tasks after a position, newest first: a walk that stays quick at any depth
     * and misses nothing that stood throughout.
     *
     * @param limit 1 to {@value PageRequest#MAX_LIMIT}
     */
    public List<TaskWithLatestRun> listAfter(
            TaskFilter filter, Optional<TaskPosition> after, int limit) {
        access.requireProjectRead();
        return engine.backend().tasks().listAfter(access.project(), filter, after, limit);
    }

    /**
     * Changes what the request says and nothing else (contract D4). A request that changes nothing
     * leaves the task as it is, update time included.
     *
     * @throws RequestException if there is no such task
     */
    public TaskWithLatestRun update(TaskId id, UpdateTaskRequest request) {
        access.requireProjectWrite();
        return OptimisticRetry.untilAdvanced(
                engine.random(),
                () -> {
                    TaskWithLatestRun current = find(id);
                    TaskDetails details = rules.detailsOf(current.task().details(), request);
                    if (details.equals(current.task().details())) {
                        return Optional.of(current);
                    }
                    Task next = current.task().withDetails(details, engine.now());
                    return advance(next)
                            .map(task -> new TaskWithLatestRun(task, current.latestRun()));
                });
    }

    /**
     * Deletes a task for good, and cancels its runs (contract D5, A10).
     *
     * @throws RequestException if there is no such task
     */
    public void delete(TaskId id) {
        access.requireProjectWrite();
        Instant now = engine.now();
        Task deleted =
                OptimisticRetry.untilAdvanced(
                        engine.random(), () -> advance(find(id).task().deleted(now)));
        engine.events().tell(new RunEvent.TaskDeleted(deleted));
        // From here on no run can be added. A crash before the end of this loop loses nothing:
        // whoever claims a run of a
        // deleted task cancels it.
        engine.backend()
                .runs()
                .listOpen(access.project(), id)
                .forEach(run -> RunCancellation.ofDeletedTask(engine, run));
    }

    /** The readable name of a task (contract A7). */
    public String slug(Task task) {
        return Slugs.slug(
                engine.directory()
                        .findProject(access.project())
                        .orElseThrow(NotFoundException::new)
                        .name(),
                task.number());
    }

    private TaskWithLatestRun find(TaskId id) {
        return engine.backend()
                .tasks()
                .find(access.project(), id)
                .orElseThrow(NotFoundException::new);
    }

    private Optional<Task> advance(Task next) {
        TaskUpdateResult answer = engine.backend().tasks().update(access.project(), next);
        if (answer instanceof TaskUpdateResult.Updated advanced) {
            return Optional.of(advanced.task());
        }
        if (answer instanceof TaskUpdateResult.Stale) {
            return Optional.empty();
        }
        throw new NotFoundException();
    }
}
