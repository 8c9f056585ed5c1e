package dev.errand.spi.task;

import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Keeps the tasks of all projects.
 *
 * <p>There is no way to overwrite a task: it is inserted once and then advanced from a version that
 * was read. Every method is thread-safe and atomic, and its effect is visible to whoever asks after
 * it returned. A task of another project and a deleted one are answered like one that never was.
 * Failures of the storage itself are {@link dev.errand.spi.BackendException}s.
 */
public interface TaskStore {

    /**
     * Inserts a task under the next number of its project (contract A8).
     *
     * <p><b>Precondition</b>: {@code task.id()} was never used. <b>Postcondition</b>: {@link
     * InsertResult.Inserted}: the task stands with version 1 and a number greater than that of
     * every task whose insert returned before this one began; no two tasks of a project share one;
     * the first is 0; numbers have no gaps unless an insert failed. {@link InsertResult.Replayed}:
     * the key was used by the same request; its first answer. {@link InsertResult.KeyConflict}: it
     * was used by another. <b>Atomic</b>: number, task, report link and key are one step.
     * <b>Retry</b> after an unknown outcome is safe with a key, and makes a second task without
     * one.
     */
    InsertResult<Task> insert(ProjectId project, NewTask task, Optional<Idempotency> key);

    /**
     * Inserts tasks under the next numbers of their project, each with the first run it may bring.
     *
     * <p><b>Precondition</b>: no id in them was ever used; the runs are of the same project.
     * <b>Postcondition</b>: all of them stand as after {@link #insert} and {@link
     * dev.errand.spi.run.RunStore#insert}, with numbers in the order given, and so are the answers.
     * <b>Atomic</b>: all or none, also for who looks meanwhile; their runs can be claimed when it
     * returns at the latest. <b>Retry</b> after an unknown outcome is refused as ids used before,
     * if it had happened.
     *
     * @throws IllegalArgumentException if an id was used before
     */
    List<TaskWithLatestRun> insertAll(ProjectId project, List<NewTaskWithFirstRun> tasks);

    /**
     * What an insert answered before under this key: {@link InsertResult.Replayed} with its first
     * answer, or {@link InsertResult.KeyConflict} if the key was used for another request; empty if
     * it was not used, or too long ago. Lets a repetition be answered before anything is decided
     * anew; {@link #insert} still has the last word.
     */
    Optional<InsertResult<Task>> findAnswer(ProjectId project, Idempotency key);

    /** Finds a task with its latest run. */
    Optional<TaskWithLatestRun> find(ProjectId project, TaskId id);

    /**
     * Finds the tasks of runs of any projects, for who claimed them; without those that were
     * deleted. As they stand at some moment of the call each; one statement where the backend can.
     */
    default Map<RunId, Task> findOf(Collection<Run> runs) {
        Map<RunId, Task> found = new HashMap<>();
        for (Run run : runs) {
            find(run.project(), run.task()).ifPresent(it -> found.put(run.id(), it.task()));
        }
        return Map.copyOf(found);
    }

    /**
     * Replaces a task by its next version, if it still stands at the version before.
     *
     * <p><b>Precondition</b>: {@code next} came from a read of this task by {@link
     * Task#withDetails} or {@link Task#deleted}. <b>Postcondition</b>: {@link
     * TaskUpdateResult.Advanced}: {@code next} stands. Otherwise nothing changed. <b>Retry</b>
     * after an unknown outcome is safe: it answers {@code Stale}.
     */
    TaskUpdateResult advance(ProjectId project, Task next);

    /**
     * Lists one page of the matching tasks with their latest runs, and counts all that match.
     *
     * <p><b>Order</b>: {@link TaskPosition#NEWEST_FIRST}, total. Page and count are taken from one
     * state of the storage where the backend has snapshots; elsewhere each row is as it stood at
     * some moment of the call, and with filters the count may lag by what changed between. At most
     * two statements.
     */
    Page<TaskWithLatestRun> list(ProjectId project, TaskFilter filter, PageRequest page);

    /**
     * Lists the next matching tasks after a position, in the same order as {@link #list}; the cost
     * does not depend on how many came before.
     *
     * <p>A walk that begins without a position and continues after the last task of each answer,
     * until one is shorter than {@code limit}, meets every task that matched throughout exactly
     * once.
     *
     * @param limit how many at most, 1 to {@value PageRequest#MAX_LIMIT}
     */
    List<TaskWithLatestRun> listAfter(
            ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit);

    /**
     * Lists one page of the tasks with these ids, each with its latest run, and counts all of them
     * that there are; an id that names nothing, or the same again, is left out.
     *
     * <p><b>Order</b>: {@link TaskPosition#NEWEST_FIRST}, total, whatever the order of the ids. At
     * most two statements; this default asks for each task by itself.
     */
    default Page<TaskWithLatestRun> listOf(ProjectId project, Set<TaskId> ids, PageRequest page) {
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

    /**
     * Lists the repositories of all tasks that are neither deleted nor internal, each once
     * (contract I15); a task without one, or with an empty one, adds nothing.
     *
     * <p><b>Order</b>: ascending as {@link String#compareTo} has it. One statement; this default
     * walks through the tasks.
     */
    default List<String> listRepositories(ProjectId project) {
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
}
