package dev.errand.internal.engine;

import dev.errand.access.RunGrant;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.internal.rules.RunUpdateRules;
import dev.errand.internal.rules.Slugs;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskSelection;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.UsageCosts;
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

/**
 * The default implementation of {@link Tasks}. Each operation checks access, validates, stores the
 * result in one transaction, and then notifies listeners and dispatchers.
 */
public final class DefaultTasks implements Tasks {

    private static final int ERASED_PER_BATCH = 100;

    private final Engine engine;
    private final AccessControl access;
    private final TaskDetailsFactory details;
    private final RunFactory runs;
    private final RunRepository repository;

    /** Creates the operations of one caller. */
    public DefaultTasks(Engine engine, AccessControl access) {
        this.engine = engine;
        this.access = access;
        this.details = new TaskDetailsFactory(engine, access);
        this.runs = new RunFactory(engine, access);
        this.repository = new RunRepository(engine, access);
    }

    @Override
    public TaskWithLatestRun create(CreateTaskRequest request, Optional<String> idempotencyKey) {
        engine.validator().validate(request);
        Optional<RunTaskRequest> firstRun = request.firstRun();
        firstRun.ifPresent(engine.validator()::validate);
        access.requireProjectWrite();
        Optional<Idempotency> key =
                IdempotencyKeys.of(idempotencyKey, access.caller(), "create_task", request);
        Optional<TaskWithLatestRun> first = IdempotencyKeys.findStoredResult(engine, access, key);
        if (first.isPresent()) {
            return first.get();
        }
        return firstRun.isPresent()
                ? insertWithRuns(List.of(new CreateAndRunRequest(request, firstRun.get())), key)
                        .get(0)
                : insert(List.of(TaskInsertion.of(newTask(request))), key).get(0);
    }

    @Override
    public TaskWithLatestRun createAndRun(CreateTaskRequest task, RunTaskRequest run) {
        return createAndRunAll(List.of(new CreateAndRunRequest(task, run))).get(0);
    }

    @Override
    public List<TaskWithLatestRun> createAll(List<CreateTaskRequest> requests) {
        requests.forEach(engine.validator()::validate);
        access.requireProjectWrite();
        requireBatch(requests);
        return insert(
                requests.stream().map(request -> TaskInsertion.of(newTask(request))).toList(),
                Optional.empty());
    }

    @Override
    public List<TaskWithLatestRun> createAndRunAll(List<CreateAndRunRequest> requests) {
        requests.forEach(engine.validator()::validate);
        access.requireProjectWrite();
        requireBatch(requests);
        return insertWithRuns(requests, Optional.empty());
    }

    private List<TaskWithLatestRun> insertWithRuns(
            List<CreateAndRunRequest> requests, Optional<Idempotency> key) {
        List<TaskInsertion> tasks = new ArrayList<>(requests.size());
        List<RunFactory.Draft> drafts = new ArrayList<>(requests.size());
        for (CreateAndRunRequest request : requests) {
            NewTask task = newTask(request.task());
            // The store assigns the number; no rule depends on it.
            RunFactory.Draft draft =
                    runs.firstRun(task.numbered(access.project(), 0), request.run());
            drafts.add(draft);
            tasks.add(
                    new TaskInsertion(
                            draft.run()
                                    .githubUserIntegration()
                                    .map(task::withGithubUserIntegration)
                                    .orElse(task),
                            Optional.of(draft.run().stored())));
        }
        // Tokens are stored once all requests are known to be valid, and before any run is visible.
        for (RunFactory.Draft draft : drafts) {
            draft.token().ifPresent(token -> RunSecrets.store(engine, draft.run().run(), token));
        }
        return insert(tasks, key);
    }

    private static void requireBatch(List<?> requests) {
        if (requests.size() > MAX_BATCH) {
            throw new IllegalArgumentException(
                    "requests must be at most " + MAX_BATCH + ", not " + requests.size());
        }
    }

    private NewTask newTask(CreateTaskRequest request) {
        Instant now = engine.now();
        return new NewTask(
                TaskId.of(engine.ids().next(now)),
                details.create(request),
                access.caller().user(),
                now,
                TaskDetailsFactory.reportRelationship(request));
    }

    private List<TaskWithLatestRun> insert(List<TaskInsertion> tasks, Optional<Idempotency> key) {
        if (tasks.isEmpty()) {
            return List.of();
        }
        InsertResult<List<TaskWithLatestRun>> result =
                engine.events()
                        .commitAndPublish(
                                () -> runsOf(tasks),
                                () -> engine.backend().tasks().insert(access.project(), tasks, key),
                                DefaultTasks::events);
        if (result instanceof InsertResult.Inserted<List<TaskWithLatestRun>> inserted) {
            for (TaskWithLatestRun task : inserted.value()) {
                task.latestRun().ifPresent(run -> engine.wakeUp().accept(run.id()));
            }
            return inserted.value();
        }
        if (result instanceof InsertResult.Replayed<List<TaskWithLatestRun>> replayed) {
            return replayed.first();
        }
        throw IdempotencyKeys.conflict();
    }

    private static List<RunId> runsOf(List<TaskInsertion> tasks) {
        return tasks.stream()
                .flatMap(task -> task.run().stream())
                .map(stored -> stored.run().id())
                .toList();
    }

    private static List<RunEvent> events(InsertResult<List<TaskWithLatestRun>> result) {
        List<RunEvent> events = new ArrayList<>();
        if (!(result instanceof InsertResult.Inserted<List<TaskWithLatestRun>> inserted)) {
            return events;
        }
        for (TaskWithLatestRun task : inserted.value()) {
            events.add(new RunEvent.TaskCreated(task.task()));
            task.latestRun()
                    .ifPresent(run -> events.add(new RunEvent.RunChanged(Optional.empty(), run)));
        }
        return events;
    }

    @Override
    public TaskWithLatestRun get(TaskId id) {
        access.requireRead(id);
        Optional<RunGrant> grant = access.caller().grant();
        if (grant.isEmpty()) {
            return find(id);
        }
        Run own = repository.getReadable(id, grant.get().run()).run();
        return new TaskWithLatestRun(find(id).task(), Optional.of(own));
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
        return OptimisticRetry.untilPresent(
                engine.random(),
                () -> {
                    TaskWithLatestRun current = find(id);
                    TaskDetails updated = details.update(current.task().details(), request);
                    if (updated.equals(current.task().details())) {
                        return Optional.of(current);
                    }
                    return store(current.task().withDetails(updated, engine.now()))
                            .map(task -> new TaskWithLatestRun(task, current.latestRun()));
                });
    }

    @Override
    public void delete(TaskId id) {
        access.requireProjectWrite();
        Instant now = engine.now();
        Task deleted =
                OptimisticRetry.untilPresent(
                        engine.random(), () -> store(find(id).task().markDeleted(now)));
        engine.events().publish(new RunEvent.TaskDeleted(deleted));
        // No run can be added from here on. If the process dies before the end of this loop,
        // dispatchers cancel the remaining runs when they claim them.
        for (StoredRun open : engine.backend().runs().listOpen(access.project(), id)) {
            repository.update(open, current -> RunUpdateRules.taskDeleted(current, engine.now()));
        }
    }

    @Override
    public Tasks.EraseResult erase(TaskId id) {
        access.requireProjectWrite();
        if (engine.backend().tasks().find(access.project(), id).isPresent()) {
            delete(id);
        }
        // Read before the task is erased: a run that ends in between leaves the task not erased.
        boolean hasOpenRuns = !engine.backend().runs().listOpen(access.project(), id).isEmpty();
        ErasedData erased = eraseTasks(new TaskSelection.Single(access.project(), id));
        return new Tasks.EraseResult(erased, !hasOpenRuns || erased.tasks() > 0);
    }

    @Override
    public Tasks.EraseResult eraseAll() {
        access.requireProjectWrite();
        List<TaskWithLatestRun> page;
        do {
            page =
                    engine.backend()
                            .tasks()
                            .listAfter(
                                    access.project(),
                                    TaskFilter.ALL,
                                    Optional.empty(),
                                    PageRequest.MAX_LIMIT);
            page.forEach(each -> delete(each.task().id()));
        } while (!page.isEmpty());
        ProjectScope scope = ProjectScope.only(Set.of(access.project()));
        // Read before the tasks are erased: a run that ends in between leaves its task not erased.
        boolean hasQueuedRuns = engine.backend().queue().nextDue(scope).isPresent();
        ErasedData erased = eraseTasks(new TaskSelection.OfProject(access.project()));
        return new Tasks.EraseResult(erased, !hasQueuedRuns);
    }

    private ErasedData eraseTasks(TaskSelection selection) {
        ErasedData erased = ErasedData.NOTHING;
        ErasedData batch;
        do {
            batch = engine.backend().retention().eraseTasks(selection, ERASED_PER_BATCH);
            erased = erased.plus(batch);
        } while (batch.tasks() > 0);
        ObjectDeletion.deleteAll(engine);
        return erased;
    }

    @Override
    public Optional<UsageCosts.UsageCost> usage(TaskId id) {
        get(id);
        try {
            return engine.usageCosts().find(access.project(), id);
        } catch (PortException failure) {
            throw UnavailableException.usageCosts(failure);
        }
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

    /** Returns the stored task, or empty if another update came first. */
    private Optional<Task> store(Task next) {
        TaskUpdateResult result = engine.backend().tasks().update(access.project(), next);
        if (result instanceof TaskUpdateResult.Updated updated) {
            return Optional.of(updated.task());
        }
        if (result instanceof TaskUpdateResult.Stale) {
            return Optional.empty();
        }
        throw new NotFoundException();
    }
}
