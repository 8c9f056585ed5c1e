package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Everything that one project has. No question about a project can meet another's values, for
 * nothing is kept outside of these objects but the leases, which name their project.
 */
final class ProjectMemory {

    private final AtomicLong nextTaskNumber = new AtomicLong();
    private final ConcurrentMap<TaskId, TaskCell> tasks = new ConcurrentHashMap<>();
    private final ConcurrentMap<RunId, Journal> journals = new ConcurrentHashMap<>();
    private final TaskLists lists = new TaskLists();
    private final FirstAnswers firstAnswers = new FirstAnswers();
    private final StagingShelf staging = new StagingShelf();
    private final SecretShelf secrets = new SecretShelf();
    private final WaitingRuns waiting;

    ProjectMemory(ProjectId project, Set<WaitingRuns> withWaitingRuns) {
        waiting = new WaitingRuns(project, withWaitingRuns);
    }

    /** The number of the next task (contract A8). */
    AtomicLong nextTaskNumber() {
        return nextTaskNumber;
    }

    /** Takes the id for a task, which is to be shown later; false if it was used before. */
    boolean take(TaskCell cell) {
        return tasks.putIfAbsent(cell.task().id(), cell) == null;
    }

    /** Gives the id back of a task that was never shown. */
    void giveBack(TaskCell cell) {
        tasks.remove(cell.task().id(), cell);
    }

    /**
     * A task with its runs, or null if none of this id was shown; also a deleted one, for its runs
     * can still be asked for.
     */
    TaskCell find(TaskId id) {
        TaskCell cell = tasks.get(id);
        return cell != null && cell.isShown() ? cell : null;
    }

    /** The logs of the runs that have one. */
    ConcurrentMap<RunId, Journal> journals() {
        return journals;
    }

    /** The log of a run, from now on if there was none. */
    Journal journal(RunId run) {
        return journals.computeIfAbsent(run, id -> new Journal());
    }

    /** The tasks that lists show. */
    TaskLists lists() {
        return lists;
    }

    /** The first answers to requests with a key. */
    FirstAnswers firstAnswers() {
        return firstAnswers;
    }

    /** Reservations and staged artifacts. */
    StagingShelf staging() {
        return staging;
    }

    /** The secrets of runs. */
    SecretShelf secrets() {
        return secrets;
    }

    /** The runs that wait for a dispatcher. */
    WaitingRuns waiting() {
        return waiting;
    }
}
