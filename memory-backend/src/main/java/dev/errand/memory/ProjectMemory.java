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
    private final TaskIndex ordinary = new TaskIndex();
    private final TaskIndex internal = new TaskIndex();
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

    /** All tasks with their runs; the deleted ones too, for their runs can still be asked for. */
    ConcurrentMap<TaskId, TaskCell> tasks() {
        return tasks;
    }

    /** The logs of the runs that have one. */
    ConcurrentMap<RunId, Journal> journals() {
        return journals;
    }

    /** The log of a run, from now on if there was none. */
    Journal journal(RunId run) {
        return journals.computeIfAbsent(run, id -> new Journal());
    }

    /** The tasks that lists show, the internal ones or the others. */
    TaskIndex listed(boolean ofInternal) {
        return ofInternal ? internal : ordinary;
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
