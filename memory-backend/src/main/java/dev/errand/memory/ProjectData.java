package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.Inclusion;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/** The data of one project. */
final class ProjectData {

    long nextTaskNumber;

    /** All tasks, including deleted ones. */
    final Map<TaskId, TaskData> tasks = new HashMap<>();

    /** The tasks that are neither deleted, internal nor archived. */
    private final NavigableMap<TaskPosition, TaskData> otherTasks =
            new TreeMap<>(TaskPosition.NEWEST_FIRST);

    /** The internal tasks that are neither deleted nor archived. */
    private final NavigableMap<TaskPosition, TaskData> internalTasks =
            new TreeMap<>(TaskPosition.NEWEST_FIRST);

    /** The archived tasks that are not deleted. */
    private final NavigableMap<TaskPosition, TaskData> archivedTasks =
            new TreeMap<>(TaskPosition.NEWEST_FIRST);

    final Map<RunId, RunData> runs = new HashMap<>();
    final Map<RunId, LogBuffer> logs = new HashMap<>();
    final Map<RunId, Conversation> conversations = new HashMap<>();
    final IdempotencyTable answers = new IdempotencyTable();

    /** Finds a task that is not deleted. */
    Optional<TaskData> findTask(TaskId id) {
        return Optional.ofNullable(tasks.get(id)).filter(data -> !data.task.isDeleted());
    }

    /** Finds a run of a task. */
    Optional<RunData> findRun(TaskId task, RunId run) {
        return Optional.ofNullable(runs.get(run)).filter(data -> data.run().task().equals(task));
    }

    /** Throws {@link IllegalArgumentException} if the run cannot be added to the project. */
    void requireNew(ProjectId project, Run run) {
        if (!run.project().equals(project)) {
            throw new IllegalArgumentException(
                    "run " + run.id() + " is of project " + run.project() + ", not " + project);
        }
        if (runs.containsKey(run.id())) {
            throw new IllegalArgumentException("run id " + run.id() + " was used before");
        }
    }

    /** Stores the next version of a task and moves it to the list it belongs to. */
    void update(TaskData data, Task next) {
        listOf(data.task).remove(TaskPosition.of(data.task));
        data.task = next;
        if (!next.isDeleted()) {
            listOf(next).put(TaskPosition.of(next), data);
        }
    }

    /** Removes a task, whose runs were removed before. */
    void removeTask(TaskData data) {
        tasks.remove(data.task.id());
        listOf(data.task).remove(TaskPosition.of(data.task));
    }

    /** Adds a task without runs. */
    TaskData addTask(Task task) {
        TaskData data = new TaskData(task);
        tasks.put(task.id(), data);
        listOf(task).put(TaskPosition.of(task), data);
        return data;
    }

    /** Adds a run to its task. */
    RunData addRun(TaskData task, StoredRun run) {
        RunData data = new RunData(run);
        runs.put(run.run().id(), data);
        task.runs.add(data);
        task.runs.sort((one, other) -> Run.BY_AGE.compare(one.run(), other.run()));
        return data;
    }

    private NavigableMap<TaskPosition, TaskData> listOf(Task task) {
        if (task.details().archivedAt().isPresent()) {
            return archivedTasks;
        }
        return task.details().internal() ? internalTasks : otherTasks;
    }

    /** Returns the tasks that a filter may match, and others if it includes archived tasks. */
    NavigableMap<TaskPosition, TaskData> candidates(TaskFilter filter) {
        if (filter.archived() == Inclusion.EXCLUDE && filter.internal() != Inclusion.ALL) {
            return filter.internal() == Inclusion.ONLY ? internalTasks : otherTasks;
        }
        NavigableMap<TaskPosition, TaskData> all = new TreeMap<>(otherTasks);
        all.putAll(internalTasks);
        all.putAll(archivedTasks);
        return all;
    }
}
