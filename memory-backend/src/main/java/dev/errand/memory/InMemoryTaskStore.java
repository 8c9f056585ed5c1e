package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.NewTaskWithFirstRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskStore;
import dev.errand.spi.task.TaskUpdateResult;
import dev.errand.spi.task.TaskWithLatestRun;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The tasks. An insertion shows what it brings when the lists have it, all at one moment; a change
 * holds the task's monitor while they follow. With filters, lists read each row as it stands when
 * it is reached.
 */
final class InMemoryTaskStore implements TaskStore {

    private static final Replay<InsertResult<Task>, Task> INSERTION =
            new Replay<>(
                    Task.class,
                    answer ->
                            answer instanceof InsertResult.Inserted<Task> inserted
                                    ? Optional.of(inserted.value())
                                    : Optional.empty(),
                    InsertResult.Replayed::new,
                    InsertResult.KeyConflict::new);

    private final Projects projects;
    private final Clock clock;

    InMemoryTaskStore(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public InsertResult<Task> insert(ProjectId project, NewTask task, Optional<Idempotency> key) {
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
    public Optional<InsertResult<Task>> findAnswer(ProjectId project, Idempotency key) {
        return projects.find(project)
                .flatMap(memory -> memory.firstAnswers().find(key, INSERTION, clock.instant()));
    }

    private static InsertResult<Task> insert(
            ProjectMemory memory, ProjectId project, NewTask task) {
        Task first = task.numbered(project, memory.nextTaskNumber().getAndIncrement());
        TaskCell cell = new TaskCell(first, Curtain.OF_ONE);
        take(memory, cell);
        memory.lists().show(cell);
        return new InsertResult.Inserted<>(first);
    }

    private static void take(ProjectMemory memory, TaskCell cell) {
        if (!memory.take(cell)) {
            throw new IllegalArgumentException("task id " + cell.task().id() + " was used before");
        }
    }

    @Override
    public List<TaskWithLatestRun> insertAll(ProjectId project, List<NewTaskWithFirstRun> tasks) {
        requireRunsOf(project, tasks);
        ProjectMemory memory = projects.get(project);
        long number = memory.nextTaskNumber().getAndAdd(tasks.size());
        return tasks.size() == 1
                ? List.of(insertOne(memory, project, tasks.get(0), number))
                : insertTogether(memory, project, tasks, number);
    }

    private static TaskWithLatestRun insertOne(
            ProjectMemory memory, ProjectId project, NewTaskWithFirstRun draft, long number) {
        TaskCell cell = cellOf(draft, project, number, Curtain.OF_ONE);
        take(memory, cell);
        memory.lists().show(cell);
        for (RunCell run : cell.runs()) {
            Stand first = run.stand();
            if (first.waits()) {
                memory.waiting().add(run, first);
            }
        }
        return new TaskWithLatestRun(cell.task(), draft.run());
    }

    /** Takes every id before anything can be seen; nothing can fail after that. */
    private static List<TaskWithLatestRun> insertTogether(
            ProjectMemory memory,
            ProjectId project,
            List<NewTaskWithFirstRun> drafts,
            long firstNumber) {
        Curtain curtain = new Curtain();
        List<TaskCell> cells = new ArrayList<>(drafts.size());
        List<TaskWithLatestRun> inserted = new ArrayList<>(drafts.size());
        List<RunCell> waiting = new ArrayList<>();
        long number = firstNumber;
        try {
            for (NewTaskWithFirstRun draft : drafts) {
                TaskCell cell = cellOf(draft, project, number++, curtain);
                take(memory, cell);
                cells.add(cell);
                inserted.add(new TaskWithLatestRun(cell.task(), draft.run()));
                Stream.of(cell.runs()).filter(run -> run.stand().waits()).forEach(waiting::add);
            }
        } catch (IllegalArgumentException usedBefore) {
            cells.forEach(memory::giveBack);
            throw usedBefore;
        }
        memory.lists().show(cells, curtain);
        memory.waiting().addAll(waiting);
        return List.copyOf(inserted);
    }

    private static TaskCell cellOf(
            NewTaskWithFirstRun draft, ProjectId project, long number, Curtain curtain) {
        TaskCell cell = new TaskCell(draft.task().numbered(project, number), curtain);
        draft.run().ifPresent(run -> cell.begin(new RunCell(Stand.first(run))));
        return cell;
    }

    private static void requireRunsOf(ProjectId project, List<NewTaskWithFirstRun> tasks) {
        for (NewTaskWithFirstRun each : tasks) {
            if (each.run().isPresent() && !each.run().get().project().equals(project)) {
                throw new IllegalArgumentException(
                        "run " + each.run().get().id() + " is not of project " + project);
            }
        }
    }

    @Override
    public Optional<TaskWithLatestRun> find(ProjectId project, TaskId id) {
        return projects.find(project)
                .map(memory -> memory.find(id))
                .map(TaskCell::read)
                .filter(found -> !found.task().isDeleted());
    }

    @Override
    public TaskUpdateResult advance(ProjectId project, Task next) {
        ProjectMemory memory = projects.find(project).orElse(null);
        TaskCell cell = memory == null ? null : memory.find(next.id());
        if (cell == null) {
            return new TaskUpdateResult.Missing();
        }
        synchronized (cell) {
            Task current = cell.task();
            if (current.isDeleted() || !next.project().equals(project)) {
                return new TaskUpdateResult.Missing();
            }
            if (next.version() != current.version() + 1) {
                return new TaskUpdateResult.Stale();
            }
            memory.lists().replace(cell, next);
            return new TaskUpdateResult.Advanced(next);
        }
    }

    @Override
    public Page<TaskWithLatestRun> list(ProjectId project, TaskFilter filter, PageRequest page) {
        return projects.find(project)
                .map(memory -> memory.lists().of(filter.internal()).page(filter, page))
                .orElseGet(() -> new Page<>(List.of(), 0));
    }

    @Override
    public List<TaskWithLatestRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit) {
        int checked = PageRequest.of(limit, 0).limit();
        return projects.find(project)
                .map(memory -> memory.lists().of(filter.internal()).after(filter, after, checked))
                .orElseGet(List::of);
    }
}
