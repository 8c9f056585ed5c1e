package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
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
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The tasks. An insertion shows what it brings when the lists have it, all at one moment; a change
 * holds the task's monitor while they follow. With filters, lists read each row as it stands when
 * it is reached.
 */
final class InMemoryTaskStore implements TaskStore {

    private static final Replay<InsertResult<List<TaskWithLatestRun>>, TaskWithLatestRun>
            INSERTION =
                    new Replay<>(
                            TaskWithLatestRun.class,
                            answer ->
                                    answer
                                                    instanceof
                                                    InsertResult.Inserted<List<TaskWithLatestRun>>
                                                            inserted
                                            ? Optional.of(inserted.value().get(0))
                                            : Optional.empty(),
                            first -> new InsertResult.Replayed<>(List.of(first)),
                            InsertResult.KeyConflict::new);

    private final Projects projects;
    private final Clock clock;

    InMemoryTaskStore(Projects projects, Clock clock) {
        this.projects = projects;
        this.clock = clock;
    }

    @Override
    public InsertResult<List<TaskWithLatestRun>> insert(
            ProjectId project, List<NewTaskWithFirstRun> tasks, Optional<Idempotency> key) {
        if (key.isPresent() && tasks.size() != 1) {
            throw new IllegalArgumentException("a key needs exactly one task, not " + tasks.size());
        }
        requireRunsOf(project, tasks);
        ProjectMemory memory = projects.get(project);
        return key.isEmpty()
                ? new InsertResult.Inserted<>(insert(memory, project, tasks))
                : memory.firstAnswers()
                        .once(
                                key.get(),
                                INSERTION,
                                clock.instant(),
                                () -> new InsertResult.Inserted<>(insert(memory, project, tasks)));
    }

    private static List<TaskWithLatestRun> insert(
            ProjectMemory memory, ProjectId project, List<NewTaskWithFirstRun> tasks) {
        long number = memory.nextTaskNumber().getAndAdd(tasks.size());
        return tasks.size() == 1
                ? List.of(insertOne(memory, project, tasks.get(0), number))
                : insertTogether(memory, project, tasks, number);
    }

    private static void take(ProjectMemory memory, TaskCell cell) {
        if (!memory.take(cell)) {
            throw new IllegalArgumentException("task id " + cell.task().id() + " was used before");
        }
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
    public TaskUpdateResult update(ProjectId project, Task next) {
        ProjectMemory memory = projects.find(project).orElse(null);
        TaskCell cell = memory == null ? null : memory.find(next.id());
        if (cell == null) {
            return new TaskUpdateResult.NotFound();
        }
        synchronized (cell) {
            Task current = cell.task();
            if (current.isDeleted() || !next.project().equals(project)) {
                return new TaskUpdateResult.NotFound();
            }
            if (next.version() != current.version() + 1) {
                return new TaskUpdateResult.Stale();
            }
            memory.lists().replace(cell, next);
            return new TaskUpdateResult.Updated(next);
        }
    }

    @Override
    public Page<TaskWithLatestRun> listByIds(ProjectId project, Set<TaskId> ids, PageRequest page) {
        List<TaskWithLatestRun> found =
                ids.stream()
                        .flatMap(id -> find(project, id).stream())
                        .sorted(
                                Comparator.comparing(
                                        each -> TaskPosition.of(each.task()),
                                        TaskPosition.NEWEST_FIRST))
                        .toList();
        return new Page<>(
                found.stream().skip(page.offset()).limit(page.limit()).toList(), found.size());
    }

    @Override
    public List<String> listRepositories(ProjectId project) {
        SortedSet<String> repositories = new TreeSet<>();
        Optional<TaskPosition> after = Optional.empty();
        List<TaskWithLatestRun> page;
        do {
            page = listAfter(project, TaskFilter.NONE, after, PageRequest.MAX_LIMIT);
            for (TaskWithLatestRun each : page) {
                each.task().details().repository().ifPresent(repositories::add);
                after = Optional.of(TaskPosition.of(each.task()));
            }
        } while (page.size() == PageRequest.MAX_LIMIT);
        repositories.remove("");
        return List.copyOf(repositories);
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
