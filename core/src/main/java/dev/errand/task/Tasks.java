package dev.errand.task;

import dev.errand.RequestDenied;
import dev.errand.engine.Access;
import dev.errand.engine.Attempts;
import dev.errand.engine.Engine;
import dev.errand.engine.Repetition;
import dev.errand.run.RunCancellation;
import dev.errand.spi.Idempotency;
import dev.errand.spi.Insertion;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.RunEvent;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskAdvance;
import dev.errand.spi.task.TaskDetails;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskWithRun;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The tasks of one project, for one caller (contract D1 to D5). Thread-safe.
 *
 * <p>Every method throws {@link RequestDenied} if the caller may not, {@link
 * dev.errand.RequestRefused} if the request breaks a rule, and {@link
 * dev.errand.spi.BackendException} if the storage fails; then nothing was changed that was not
 * acknowledged.
 */
public final class Tasks {

    private final Engine engine;
    private final Access access;
    private final TaskRules rules;

    /** Made by {@link dev.errand.ProjectApi}. */
    @SuppressWarnings("exports") // Only this module can call it.
    public Tasks(Engine engine, Access access) {
        this.engine = engine;
        this.access = access;
        this.rules = new TaskRules(engine, access);
    }

    /** Creates a task (contract D2). */
    public TaskWithRun create(CreateTask request) {
        return create(request, Optional.empty());
    }

    /**
     * Creates a task, or answers as the first time when the same request comes again under the same
     * key (contract J29).
     */
    public TaskWithRun create(CreateTask request, Optional<String> idempotencyKey) {
        access.requireProjectWrite();
        Optional<Idempotency> key =
                Repetition.of(idempotencyKey, access.caller(), "create_task", request);
        Optional<Insertion<Task>> first =
                key.flatMap(given -> engine.backend().tasks().findAnswer(access.project(), given));
        if (first.isPresent()) {
            return created(first.get());
        }
        NewTask task =
                new NewTask(
                        TaskId.of(engine.ids().next()),
                        rules.detailsOf(request),
                        access.caller().user(),
                        engine.now(),
                        rules.reportLink(request));
        return created(engine.backend().tasks().insert(access.project(), task, key));
    }

    private TaskWithRun created(Insertion<Task> answer) {
        if (answer instanceof Insertion.Inserted<Task> inserted) {
            engine.events().tell(new RunEvent.TaskCreated(inserted.value()));
            return new TaskWithRun(inserted.value(), Optional.empty());
        }
        if (answer instanceof Insertion.Replayed<Task> replayed) {
            return new TaskWithRun(replayed.first(), Optional.empty());
        }
        throw Repetition.conflict();
    }

    /**
     * Reads a task with its latest run (contract D3).
     *
     * @throws RequestDenied if there is no such task
     */
    public TaskWithRun get(TaskId id) {
        access.requireRead(id);
        return find(id);
    }

    /** Reads one page of the matching tasks, newest first, and counts them (contract D1). */
    public Page<TaskWithRun> list(TaskFilter filter, PageRequest page) {
        access.requireProjectRead();
        return engine.backend().tasks().list(access.project(), filter, page);
    }

    /**
     * Reads the matching tasks after a position, newest first: a walk that stays quick at any depth
     * and misses nothing that stood throughout.
     *
     * @param limit 1 to {@value PageRequest#MAX_LIMIT}
     */
    public List<TaskWithRun> listAfter(TaskFilter filter, Optional<TaskPosition> after, int limit) {
        access.requireProjectRead();
        return engine.backend().tasks().listAfter(access.project(), filter, after, limit);
    }

    /**
     * Changes what the request says and nothing else (contract D4). A request that changes nothing
     * leaves the task as it is, update time included.
     *
     * @throws RequestDenied if there is no such task
     */
    public TaskWithRun update(TaskId id, UpdateTask request) {
        access.requireProjectWrite();
        return Attempts.untilAdvanced(
                engine.random(),
                () -> {
                    TaskWithRun current = find(id);
                    TaskDetails details = rules.detailsOf(current.task().details(), request);
                    if (details.equals(current.task().details())) {
                        return Optional.of(current);
                    }
                    Task next = current.task().withDetails(details, engine.now());
                    return advance(next).map(task -> new TaskWithRun(task, current.latestRun()));
                });
    }

    /**
     * Deletes a task for good, and cancels its runs (contract D5, A10).
     *
     * @throws RequestDenied if there is no such task
     */
    public void delete(TaskId id) {
        access.requireProjectWrite();
        Instant now = engine.now();
        Task deleted =
                Attempts.untilAdvanced(
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
                        .orElseThrow(RequestDenied::notFound)
                        .name(),
                task.number());
    }

    private TaskWithRun find(TaskId id) {
        return engine.backend()
                .tasks()
                .find(access.project(), id)
                .orElseThrow(RequestDenied::notFound);
    }

    private Optional<Task> advance(Task next) {
        TaskAdvance answer = engine.backend().tasks().advance(access.project(), next);
        if (answer instanceof TaskAdvance.Advanced advanced) {
            return Optional.of(advanced.task());
        }
        if (answer instanceof TaskAdvance.Stale) {
            return Optional.empty();
        }
        throw RequestDenied.notFound();
    }
}
