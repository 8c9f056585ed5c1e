package dev.errand.spi.store;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Stores the tasks of all projects.
 *
 * <p>A task is never overwritten. It is inserted once and then updated on the condition that it
 * still has the version that was read. Implementations are thread-safe. Every method is atomic, and
 * its effect is visible to every call that starts after it returned. A deleted task and a task of
 * another project are treated as not found. A {@link dev.errand.spi.PortException} means that the
 * storage failed.
 */
public interface TaskStore {

    /**
     * Inserts tasks under the next numbers of their project, each optionally with its first run
     * (docs/wire/tasks.md#a8).
     *
     * <p><b>Precondition</b>: no id was used before, and the runs belong to {@code project}. A key
     * may be given only if there is exactly one task.
     *
     * <p><b>Result</b>: {@link InsertResult.Inserted} with the tasks at version 1, in the order
     * given. Their numbers increase in that order and are greater than the number of every task
     * whose insertion returned before this one began. Numbers start at 0, are unique in the project
     * and have no gaps unless an insertion failed. Runs that need dispatcher action may be claimed
     * even before the method returns. {@link InsertResult.Replayed} with the first answer if the
     * key was used by the same request. {@link InsertResult.KeyConflict} if it was used by another
     * one.
     *
     * <p><b>Atomicity</b>: all or nothing, including links of tasks to signal reports
     * (docs/wire/tasks.md#e7), runs and the key. The numbers of a failed insertion may remain
     * unused.
     *
     * <p><b>Retry</b> after an unknown outcome is safe with a key. Without one, it throws {@link
     * IllegalArgumentException} if the first attempt succeeded.
     *
     * @throws IllegalArgumentException if an id was used before, a run belongs to another project,
     *     or a key is given for more or fewer than one task
     */
    InsertResult<List<TaskWithLatestRun>> insert(
            ProjectId project, List<TaskInsertion> tasks, Optional<Idempotency> key);

    /** Finds a task with its latest run. */
    Optional<TaskWithLatestRun> find(ProjectId project, TaskId id);

    /**
     * Replaces a task by its next version if its stored version is {@code next.version() - 1}.
     *
     * <p><b>Precondition</b>: {@code next} was made from a task that was read, by {@link
     * Task#withDetails} or {@link Task#markDeleted}.
     *
     * <p><b>Result</b>: {@link TaskUpdateResult.Updated} if {@code next} was stored. {@link
     * TaskUpdateResult.Stale} if the task has another version, and {@link
     * TaskUpdateResult.NotFound} if it does not exist or was deleted; nothing changed then.
     *
     * <p><b>Retry</b> after an unknown outcome is safe. It returns {@code Stale} if the first
     * attempt succeeded, or {@code NotFound} if that attempt deleted the task.
     */
    TaskUpdateResult update(ProjectId project, Task next);

    /**
     * Lists one page of the matching tasks with their latest runs, and counts all that match.
     *
     * <p><b>Order</b>: {@link TaskPosition#NEWEST_FIRST}.
     *
     * <p><b>Atomicity</b>: a backend with snapshots reads page and count from one snapshot. In a
     * backend without snapshots, each row is read at some moment of the call, and the count may or
     * may not include changes that are made during the call. A backend on SQL uses at most two
     * statements.
     */
    Page<TaskWithLatestRun> list(ProjectId project, TaskFilter filter, PageRequest page);

    /**
     * Lists the matching tasks that follow a position, with their latest runs. The cost does not
     * depend on the number of tasks before that position.
     *
     * <p>To read all, continue after the last task of each result until one is shorter than {@code
     * limit}. A task that matches throughout is seen exactly once.
     *
     * <p><b>Order</b>: {@link TaskPosition#NEWEST_FIRST}.
     *
     * @param limit maximum number of tasks, 1 to {@value PageRequest#MAX_LIMIT}
     */
    List<TaskWithLatestRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit);

    /**
     * Lists one page of the tasks with these ids, internal ones included, with their latest runs,
     * and counts all of them. Ids that are not found are left out.
     *
     * <p><b>Order</b>: {@link TaskPosition#NEWEST_FIRST}. A backend on SQL uses at most two
     * statements.
     */
    Page<TaskWithLatestRun> listByIds(ProjectId project, Set<TaskId> ids, PageRequest page);

    /**
     * Lists the distinct repositories of all tasks that are neither deleted nor internal
     * (docs/wire/tasks.md#i15). Empty names are left out.
     *
     * <p><b>Order</b>: ascending by {@link String#compareTo}. A backend on SQL uses one statement.
     */
    List<String> listRepositories(ProjectId project);
}
