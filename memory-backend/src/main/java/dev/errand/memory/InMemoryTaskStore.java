package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The tasks. Without conditions, a list takes time proportional to its offset and limit; with
 * conditions, to the number of tasks of the project.
 */
final class InMemoryTaskStore implements TaskStore {

    private final Storage storage;

    InMemoryTaskStore(Storage storage) {
        this.storage = storage;
    }

    @Override
    public InsertResult<List<TaskWithLatestRun>> insert(
            ProjectId project, List<TaskInsertion> tasks, Optional<Idempotency> key) {
        if (key.isPresent() && tasks.size() != 1) {
            throw new IllegalArgumentException("a key needs exactly one task, not " + tasks.size());
        }
        synchronized (storage) {
            ProjectData data = storage.getOrCreate(project);
            Instant now = storage.clock.instant();
            Optional<IdempotencyTable.Answer> first = data.answers.find(key, now);
            if (first.isPresent()) {
                return first.get().hasSameRequest(key.orElseThrow())
                                && first.get().task().isPresent()
                        ? new InsertResult.Replayed<>(List.of(first.get().task().get()))
                        : new InsertResult.KeyConflict<>();
            }
            requireNew(project, data, tasks);
            List<TaskWithLatestRun> inserted = new ArrayList<>(tasks.size());
            for (TaskInsertion each : tasks) {
                inserted.add(insert(project, data, each));
            }
            data.answers.put(key, inserted.stream().findFirst(), now);
            return new InsertResult.Inserted<>(List.copyOf(inserted));
        }
    }

    private static void requireNew(ProjectId project, ProjectData data, List<TaskInsertion> tasks) {
        Set<TaskId> taskIds = new HashSet<>();
        Set<RunId> runIds = new HashSet<>();
        for (TaskInsertion each : tasks) {
            TaskId id = each.task().id();
            if (data.tasks.containsKey(id) || !taskIds.add(id)) {
                throw new IllegalArgumentException("task id " + id + " was used before");
            }
            each.run().ifPresent(run -> data.requireNew(project, run.run()));
            if (each.run().isPresent() && !runIds.add(each.run().get().run().id())) {
                throw new IllegalArgumentException(
                        "two runs have the id " + each.run().get().run().id());
            }
        }
    }

    private TaskWithLatestRun insert(ProjectId project, ProjectData data, TaskInsertion insertion) {
        TaskData task = data.addTask(insertion.task().numbered(project, data.nextTaskNumber++));
        insertion.run().ifPresent(run -> storage.queue.add(data.addRun(task, run)));
        return task.withLatestRun();
    }

    @Override
    public Optional<TaskWithLatestRun> find(ProjectId project, TaskId id) {
        synchronized (storage) {
            return storage.find(project)
                    .flatMap(data -> data.findTask(id))
                    .map(TaskData::withLatestRun);
        }
    }

    @Override
    public TaskUpdateResult update(ProjectId project, Task next) {
        synchronized (storage) {
            Optional<ProjectData> data = storage.find(project);
            Optional<TaskData> task = data.flatMap(found -> found.findTask(next.id()));
            if (task.isEmpty() || !next.project().equals(project)) {
                return new TaskUpdateResult.NotFound();
            }
            if (next.version() != task.get().task.version() + 1) {
                return new TaskUpdateResult.Stale();
            }
            data.get().update(task.get(), next);
            return new TaskUpdateResult.Updated(next);
        }
    }

    @Override
    public Page<TaskWithLatestRun> list(ProjectId project, TaskFilter filter, PageRequest page) {
        synchronized (storage) {
            Collection<TaskData> tasks = tasks(project, filter, Optional.empty());
            if (TaskMatcher.acceptsAll(filter)) {
                return page(tasks.stream(), tasks.size(), page);
            }
            List<TaskData> matching =
                    tasks.stream().filter(task -> TaskMatcher.accepts(filter, task)).toList();
            return page(matching.stream(), matching.size(), page);
        }
    }

    @Override
    public List<TaskWithLatestRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit) {
        PageRequest page = PageRequest.of(limit, 0);
        synchronized (storage) {
            return tasks(project, filter, after).stream()
                    .filter(task -> TaskMatcher.accepts(filter, task))
                    .limit(page.limit())
                    .map(TaskData::withLatestRun)
                    .toList();
        }
    }

    /** Returns the tasks after a position that the filter may match. */
    private Collection<TaskData> tasks(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after) {
        Optional<NavigableMap<TaskPosition, TaskData>> all =
                storage.find(project).map(data -> data.candidates(filter));
        return all.<Collection<TaskData>>map(
                        tasks -> after.map(it -> tasks.tailMap(it, false)).orElse(tasks).values())
                .orElse(List.of());
    }

    @Override
    public Page<TaskWithLatestRun> listByIds(ProjectId project, Set<TaskId> ids, PageRequest page) {
        synchronized (storage) {
            List<TaskData> found =
                    storage.find(project).stream()
                            .flatMap(data -> ids.stream().flatMap(id -> data.findTask(id).stream()))
                            .sorted(
                                    Comparator.comparing(
                                            task -> TaskPosition.of(task.task),
                                            TaskPosition.NEWEST_FIRST))
                            .toList();
            return page(found.stream(), found.size(), page);
        }
    }

    private static Page<TaskWithLatestRun> page(
            Stream<TaskData> tasks, int total, PageRequest page) {
        return new Page<>(
                tasks.skip(page.offset()).limit(page.limit()).map(TaskData::withLatestRun).toList(),
                total);
    }

    @Override
    public List<String> listRepositories(ProjectId project) {
        synchronized (storage) {
            return tasks(project, TaskFilter.ALL, Optional.empty()).stream()
                    .filter(task -> !task.task.details().internal())
                    .flatMap(task -> task.task.details().repositories().stream())
                    .distinct()
                    .sorted()
                    .toList();
        }
    }
}
