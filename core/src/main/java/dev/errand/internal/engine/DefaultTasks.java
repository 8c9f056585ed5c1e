package dev.errand.internal.engine;

import dev.errand.error.NotFoundException;
import dev.errand.internal.rules.Slugs;
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
import dev.errand.task.CreateAndRunRequest;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.SummarizeTasksRequest;
import dev.errand.task.Tasks;
import dev.errand.task.UpdateTaskRequest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The implementation of {@link Tasks}. */
public final class DefaultTasks implements Tasks {

    private final Engine engine;
    private final AccessControl access;
    private final TaskRules rules;
    private final FirstRuns firstRuns;

    public DefaultTasks(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.rules = new TaskRules(engine, access);
        this.firstRuns = new FirstRuns(engine, access);
    }

    @Override
    public TaskWithLatestRun create(CreateTaskRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
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

    @Override
    public TaskWithLatestRun createAndRun(CreateTaskRequest task, RunTaskRequest run) {
        engine.validator().validate(task);
        engine.validator().validate(run);
        access.requireProjectWrite();
        NewTask draft = draft(task);
        FirstRuns.First first = firstRun(draft, run);
        firstRuns.keepToken(first);
        return insertAll(List.of(withRun(draft, first))).get(0);
    }

    @Override
    public List<TaskWithLatestRun> createAll(List<CreateTaskRequest> requests) {
        requests.forEach(engine.validator()::validate);
        access.requireProjectWrite();
        requireBatch(requests);
        return insertAll(
                requests.stream()
                        .map(request -> NewTaskWithFirstRun.withoutRun(draft(request)))
                        .toList());
    }

    @Override
    public List<TaskWithLatestRun> createAndRunAll(List<CreateAndRunRequest> requests) {
        requests.forEach(engine.validator()::validate);
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
                                () -> runsOf(tasks),
                                () -> insertUnkeyed(tasks),
                                DefaultTasks::eventsOf);
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

    @Override
    public TaskWithLatestRun get(TaskId id) {
        access.requireRead(id);
        return find(id);
    }

    @Override
    public Page<TaskWithLatestRun> list(TaskFilter filter, PageRequest page) {
        access.requireProjectRead();
        return engine.backend().tasks().list(access.project(), filter, page);
    }

    @Override
    public Page<TaskWithLatestRun> summaries(SummarizeTasksRequest request, PageRequest page) {
        engine.validator().validate(request);
        access.requireProjectRead();
        Set<TaskId> ids =
                request.ids().stream().map(TaskId::of).collect(Collectors.toUnmodifiableSet());
        return engine.backend().tasks().listByIds(access.project(), ids, page);
    }

    @Override
    public List<String> repositories() {
        access.requireProjectRead();
        return engine.backend().tasks().listRepositories(access.project());
    }

    @Override
    public List<TaskWithLatestRun> listAfter(
            TaskFilter filter, Optional<TaskPosition> after, int limit) {
        access.requireProjectRead();
        return engine.backend().tasks().listAfter(access.project(), filter, after, limit);
    }

    @Override
    public TaskWithLatestRun update(TaskId id, UpdateTaskRequest request) {
        engine.validator().validate(request);
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

    @Override
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

    @Override
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
