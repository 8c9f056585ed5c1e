package dev.errand.task;

import dev.errand.error.RequestException;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskFilter;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskPosition;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.List;
import java.util.Optional;

/**
 * The tasks of one project, for one caller (contract D1 to D5, I14, I15). Thread-safe.
 *
 * <p>Every method throws {@link RequestException} if the caller may not, {@link
 * dev.errand.error.InvalidRequestException} if the request breaks a rule, and {@link
 * dev.errand.spi.BackendException} if the storage fails; then nothing was changed that was not
 * acknowledged.
 */
public interface Tasks {

    /** How many tasks can be created in one step. */
    int MAX_BATCH = 1_000;

    /** Creates a task (contract D2). */
    default TaskWithLatestRun create(CreateTaskRequest request) {
        return create(request, Optional.empty());
    }

    /**
     * Creates a task, or answers as the first time when the same request comes again under the same
     * key (contract J29).
     */
    TaskWithLatestRun create(CreateTaskRequest request, Optional<String> idempotencyKey);

    /** Creates a task and runs it at once, in one step (contract D2, D6). */
    TaskWithLatestRun createAndRun(CreateTaskRequest task, RunTaskRequest run);

    /**
     * Creates tasks in one step: all of them or none. Their numbers, and the answers, are in the
     * order given.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAX_BATCH}
     */
    List<TaskWithLatestRun> createAll(List<CreateTaskRequest> requests);

    /**
     * Creates tasks and runs them at once, in one step: all of them or none. Their numbers, and the
     * answers, are in the order given.
     *
     * @throws IllegalArgumentException if there are more than {@value #MAX_BATCH}
     */
    List<TaskWithLatestRun> createAndRunAll(List<CreateAndRunRequest> requests);

    /**
     * Reads a task with its latest run (contract D3).
     *
     * @throws RequestException if there is no such task
     */
    TaskWithLatestRun get(TaskId id);

    /** Reads one page of the matching tasks, newest first, and counts them (contract D1). */
    Page<TaskWithLatestRun> list(TaskFilter filter, PageRequest page);

    /**
     * Reads one page of the named tasks, newest first, and counts them; what is not there is left
     * out (contract I14).
     */
    Page<TaskWithLatestRun> summaries(SummarizeTasksRequest request, PageRequest page);

    /**
     * Reads the repositories of all tasks but internal ones, each once, ascending (contract I15).
     */
    List<String> repositories();

    /**
     * Reads the matching tasks after a position, newest first: a walk that stays quick at any depth
     * and misses nothing that stood throughout.
     *
     * @param limit 1 to {@value PageRequest#MAX_LIMIT}
     */
    List<TaskWithLatestRun> listAfter(TaskFilter filter, Optional<TaskPosition> after, int limit);

    /**
     * Changes what the request says and nothing else (contract D4). A request that changes nothing
     * leaves the task as it is, update time included.
     *
     * @throws RequestException if there is no such task
     */
    TaskWithLatestRun update(TaskId id, UpdateTaskRequest request);

    /**
     * Deletes a task for good, and cancels its runs (contract D5, A10).
     *
     * @throws RequestException if there is no such task
     */
    void delete(TaskId id);

    /** The readable name of a task (contract A7). */
    String slug(Task task);
}
