package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Insertion;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.NewTaskWithRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskAdvance;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskStore;
import dev.errand.spi.task.TaskWithRun;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The tasks. Insertions and changes hold the task's monitor while the lists follow; lists read each
 * row as it stands when it is reached.
 */
final class InMemoryTaskStore implements TaskStore {

    private static final Replay<Insertion<Task>, Task> INSERTION =
            new Replay<>(
                    Task.class,
                    answer ->
                            answer instanceof Insertion.Inserted<Task> inserted
                                    ? Optional.of(inserted.value())
                                    : Optional.empty(),
                    Insertion.Replayed::new,
                    Insertion.KeyConflict::new);

    private final Projects projects;
    private final Clock clock;

    InMemoryTaskStore(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public Insertion<Task> insert(ProjectId project, NewTask task, Optional<Idempotency> key) {
        ProjectMemory memory = projects.get(project);
        return key.isEmpty()
                ? insert(memory, project, task)
                : memory.firstAnswers()
                        .once(
                                key.get(),
                                INSERTION,
                                clock.instant(),
                                () -> insert(memory, project, task));
    }

    @Override
    public Optional<Insertion<Task>> findAnswer(ProjectId project, Idempotency key) {
        return projects.find(project)
                .flatMap(memory -> memory.firstAnswers().find(key, INSERTION, clock.instant()));
    }

    private static Insertion<Task> insert(ProjectMemory memory, ProjectId project, NewTask task) {
        Task first = task.numbered(project, memory.nextTaskNumber().getAndIncrement());
        TaskCell cell = new TaskCell(first);
        list(memory, first, cell);
        return new Insertion.Inserted<>(first);
    }

    private static void list(ProjectMemory memory, Task first, TaskCell cell) {
        synchronized (cell) { // whoever finds it before it is listed must not delete it yet
            if (memory.tasks().putIfAbsent(first.id(), cell) != null) {
                throw new IllegalArgumentException("task id " + first.id() + " was used before");
            }
            memory.listed(first.details().internal()).add(cell, first);
        }
    }

    @Override
    public List<TaskWithRun> insertAll(ProjectId project, List<NewTaskWithRun> tasks) {
        ProjectMemory memory = projects.get(project);
        requireNew(memory, project, tasks);
        long number = memory.nextTaskNumber().getAndAdd(tasks.size());
        if (tasks.size() == 1) {
            return List.of(insert(memory, tasks.get(0), project, number));
        }
        List<TaskWithRun> inserted = new ArrayList<>(tasks.size());
        for (NewTaskWithRun each : tasks) {
            inserted.add(insert(memory, each, project, number++));
        }
        return List.copyOf(inserted);
    }

    private static TaskWithRun insert(
            ProjectMemory memory, NewTaskWithRun draft, ProjectId project, long number) {
        Task task = draft.task().numbered(project, number);
        TaskCell cell = new TaskCell(task);
        if (draft.run().isEmpty()) {
            list(memory, task, cell);
        } else {
            Stand first = Stand.first(draft.run().get());
            RunCell run = new RunCell(first);
            cell.begin(run);
            list(memory, task, cell);
            if (first.waits()) {
                memory.waiting().add(run, first);
            }
        }
        return new TaskWithRun(task, draft.run());
    }

    /** Looks before the first insertion: nothing can fail after it. */
    private static void requireNew(
            ProjectMemory memory, ProjectId project, List<NewTaskWithRun> tasks) {
        for (NewTaskWithRun each : tasks) {
            if (each.run().isPresent() && !each.run().get().project().equals(project)) {
                throw new IllegalArgumentException(
                        "run " + each.run().get().id() + " is not of project " + project);
            }
        }
        if (tasks.size() == 1) {
            return; // It is looked at when it is inserted.
        }
        Set<TaskId> ids = new HashSet<>();
        for (NewTaskWithRun each : tasks) {
            TaskId id = each.task().id();
            if (!ids.add(id) || memory.tasks().containsKey(id)) {
                throw new IllegalArgumentException("task id " + id + " was used before");
            }
        }
    }

    @Override
    public Optional<TaskWithRun> find(ProjectId project, TaskId id) {
        return projects.find(project)
                .map(memory -> memory.tasks().get(id))
                .map(TaskCell::read)
                .filter(found -> !found.task().isDeleted());
    }

    @Override
    public TaskAdvance advance(ProjectId project, Task next) {
        ProjectMemory memory = projects.find(project).orElse(null);
        TaskCell cell = memory == null ? null : memory.tasks().get(next.id());
        if (cell == null) {
            return new TaskAdvance.Missing();
        }
        synchronized (cell) {
            Task current = cell.task();
            if (current.isDeleted() || !next.project().equals(project)) {
                return new TaskAdvance.Missing();
            }
            if (next.version() != current.version() + 1) {
                return new TaskAdvance.Stale();
            }
            cell.replace(next);
            memory.listed(current.details().internal()).remove(cell, current);
            if (!next.isDeleted()) {
                memory.listed(next.details().internal()).add(cell, next);
            }
            return new TaskAdvance.Advanced(next);
        }
    }

    @Override
    public Page<TaskWithRun> list(ProjectId project, TaskFilter filter, PageRequest page) {
        return projects.find(project)
                .map(memory -> memory.listed(filter.internal()).page(filter, page))
                .orElseGet(() -> new Page<>(List.of(), 0));
    }

    @Override
    public List<TaskWithRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit) {
        int checked = PageRequest.of(limit, 0).limit();
        return projects.find(project)
                .map(memory -> memory.listed(filter.internal()).after(filter, after, checked))
                .orElseGet(List::of);
    }
}
