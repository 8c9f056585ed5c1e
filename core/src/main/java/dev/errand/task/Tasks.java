package dev.errand.task;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.UsageCosts;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The operations on the tasks of one project, for one caller (docs/wire/tasks.md#d1 to #d5, #i14,
 * #i15).
 *
 * <p>An operation either takes effect as a whole or not at all, except {@link #erase} and {@link
 * #eraseAll}, which can be repeated until they are complete. If an operation throws a {@link
 * PortException}, which any operation can, it may have taken effect. An operation with an
 * idempotency key is safe to repeat with the same key. Implementations are thread-safe.
 */
public interface Tasks {

    /** The maximum number of tasks that are created in one step. */
    int MAX_BATCH = 1_000;

    /**
     * Creates a task (docs/wire/tasks.md#d2).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid
     */
    default TaskWithLatestRun create(CreateTaskRequest request) {
        return create(request, Optional.empty());
    }

    /**
     * Creates a task. If the same request was made before with the same key, returns the result of
     * that request instead (docs/wire/idempotency-and-limits.md#j29).
     *
     * @param idempotencyKey 1 to 255 characters
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request or the key is not valid, or if the key was
     *     used for another request
     */
    TaskWithLatestRun create(CreateTaskRequest request, Optional<String> idempotencyKey);

    /**
     * Creates a task and a queued run of it, in one step (docs/wire/tasks.md#d2,
     * docs/wire/starting-runs.md#d6).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if one of the requests is not valid
     */
    TaskWithLatestRun createAndRun(CreateTaskRequest task, RunTaskRequest run);

    /**
     * Creates tasks in one step: all or none.
     *
     * @return the tasks in the order of the requests, which is also the order of their numbers
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if a request is not valid
     * @throws IllegalArgumentException if there are more than {@value #MAX_BATCH} requests
     */
    List<TaskWithLatestRun> createAll(List<CreateTaskRequest> requests);

    /**
     * Creates tasks, each with a queued run, in one step: all or none.
     *
     * @return the tasks in the order of the requests, which is also the order of their numbers
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if a request is not valid
     * @throws IllegalArgumentException if there are more than {@value #MAX_BATCH} requests
     */
    List<TaskWithLatestRun> createAndRunAll(List<CreateAndRunRequest> requests);

    /**
     * Returns a task with its latest run (docs/wire/tasks.md#d3).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task
     */
    TaskWithLatestRun get(TaskId id);

    /**
     * Returns one page of the matching tasks, newest first, with their total number
     * (docs/wire/tasks.md#d1).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read} or is an agent
     */
    Page<TaskWithLatestRun> list(TaskFilter filter, PageRequest page);

    /**
     * Returns one page of the tasks with the given ids, newest first, with their total number.
     * These are whole tasks; only the HTTP endpoint {@code summaries/} shortens them. Ids of tasks
     * that do not exist are ignored (docs/wire/tasks.md#i14).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read} or is an agent
     * @throws InvalidRequestException if the request is not valid
     */
    Page<TaskWithLatestRun> summaries(SummarizeTasksRequest request, PageRequest page);

    /**
     * Returns the distinct repositories of all tasks except internal ones, which lists hide unless
     * asked for, in ascending order (docs/wire/tasks.md#i15).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read} or is an agent
     */
    List<String> repositories();

    /**
     * Returns the matching tasks after a position, newest first. Unlike {@link #list}, the cost
     * does not grow with the position, and iterating over all pages returns every task that exists
     * during the whole iteration.
     *
     * @param after the position of the last task of the previous call; empty to start
     * @param limit the maximum number of tasks, 1 to {@value PageRequest#MAX_LIMIT}
     * @throws AccessDeniedException if the caller lacks {@code task:read} or is an agent
     */
    List<TaskWithLatestRun> listAfter(TaskFilter filter, Optional<TaskPosition> after, int limit);

    /**
     * Updates the members that the request sets (docs/wire/tasks.md#d4). If no value changes, the
     * task stays as it is, including its update time.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid
     * @throws NotFoundException if there is no such task
     * @throws ConflictException if concurrent updates prevented this one; it is safe to repeat
     */
    TaskWithLatestRun update(TaskId id, UpdateTaskRequest request);

    /**
     * Marks a task as deleted, so that no operation finds it any more, and cancels its runs
     * (docs/wire/tasks.md#d5, #a10). A deleted task cannot be restored. Its data is kept until it
     * is {@linkplain #erase erased}.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws NotFoundException if there is no such task
     * @throws ConflictException if concurrent updates prevented the deletion; it is safe to repeat
     */
    void delete(TaskId id);

    /**
     * Removes all data of a task from the storage and the object store: the task itself, its runs,
     * logs, secrets, objects and the responses stored for idempotency keys, whether it was deleted
     * before or not. Requests the stop of its runs first. While a sandbox has not stopped, the task
     * is deleted but not erased: repeat the call until the result is complete. A task that does not
     * exist is not an error.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     */
    EraseResult erase(TaskId id);

    /**
     * Erases all tasks of the project, as {@link #erase} does, in batches.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     */
    EraseResult eraseAll();

    /**
     * Returns the estimated cost of all runs of a task; empty if the host does not know costs
     * (docs/wire/tasks.md#l9).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task
     * @throws UnavailableException if the cost cannot be determined now
     */
    Optional<UsageCosts.UsageCost> usage(TaskId id);

    /**
     * Returns the short name of a task, such as {@code AMA-42} (docs/wire/tasks.md#a7).
     *
     * @throws NotFoundException if the project no longer exists
     */
    String slug(Task task);

    /**
     * Result of {@link Tasks#erase} and {@link Tasks#eraseAll}.
     *
     * @param erased the numbers of items that were erased
     * @param isComplete false if a sandbox has not stopped yet; its task is deleted but not erased,
     *     and the call must be repeated
     */
    record EraseResult(ErasedData erased, boolean isComplete) {

        /** Rejects null components. */
        public EraseResult {
            Objects.requireNonNull(erased, "erased");
        }
    }
}
