package dev.errand.run;

import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.error.UnavailableException;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.StoredLogEntry;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.List;
import java.util.Optional;

/**
 * The runs of one project, for one caller (contract D6, D9, D10, I1 to I5). Thread-safe.
 *
 * <p>Every method throws {@link RequestException} if the caller may not or names what is not there,
 * {@link InvalidRequestException} if the request breaks a rule, and {@link
 * dev.errand.spi.BackendException} if the storage fails; then nothing was changed that was not
 * acknowledged. The token of a sandbox whose attempt was superseded changes nothing.
 */
public interface Runs {

    /**
     * Runs a task in the cloud: a queued run that the executor owes, and the task with it (contract
     * D6).
     */
    default TaskWithLatestRun run(TaskId task, RunTaskRequest request) {
        return run(task, request, Optional.empty());
    }

    /**
     * Runs a task, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    TaskWithLatestRun run(TaskId task, RunTaskRequest request, Optional<String> idempotencyKey);

    /** Records a run without starting it (contract D10). */
    default Run create(TaskId task, CreateRunRequest request) {
        return create(task, request, Optional.empty());
    }

    /**
     * Records a run, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    Run create(TaskId task, CreateRunRequest request, Optional<String> idempotencyKey);

    /** Reads one page of a task's runs, newest first (contract D9). */
    Page<Run> list(TaskId task, PageRequest page);

    /** Reads a run (contract I1). */
    Run get(TaskId task, RunId run);

    /**
     * Tells why a run is where it is, and what happens next, when: by the options of this engine's
     * dispatcher, or the default ones if it has none.
     */
    RunDescription describe(TaskId task, RunId run);

    /** Changes what the update says, all of it in one step or nothing (contract I2). */
    Run update(TaskId task, RunId run, UpdateRunRequest request);

    /**
     * Calls a run off: what an update to {@code cancelled} does, with an answer for every outcome
     * (contract G3, design 5). Repeating it is safe.
     *
     * @throws RequestException if the caller may not
     */
    Cancellation cancel(TaskId task, RunId run);

    /** Starts a recorded cloud run; starting it again starts nothing twice (contract I3). */
    default TaskWithLatestRun start(TaskId task, RunId run, StartRunRequest request) {
        return start(task, run, request, Optional.empty());
    }

    /**
     * Starts a run, or answers as the first time when the request comes again under its key
     * (contract J29).
     */
    TaskWithLatestRun start(
            TaskId task, RunId run, StartRunRequest request, Optional<String> idempotencyKey);

    /**
     * Replaces a run's output; one that satisfies the task's schema completes the run (contract
     * I4).
     */
    Run setOutput(TaskId task, RunId run, SetOutputRequest request);

    /** Appends to a run's log (contract I5); the run itself does not change. */
    default Run appendLog(TaskId task, RunId run, AppendLogRequest request) {
        return appendLog(task, run, request, Optional.empty());
    }

    /**
     * Appends to a run's log; what comes again under the same key or event ids is not stored again
     * (contract J29).
     */
    Run appendLog(
            TaskId task, RunId run, AppendLogRequest request, Optional<String> idempotencyKey);

    /**
     * Passes a message on to the chat thread of a run's task; skipped where the run has ended or no
     * thread belongs to it (contract I12).
     *
     * @throws UnavailableException if it could not be queued
     */
    RelayResult relayMessage(TaskId task, RunId run, RelayMessageRequest request);

    /**
     * A run and those that it resumes, at most ten, oldest first: whose logs tell its story
     * (contract E5, I7).
     */
    List<RunId> resumeChain(TaskId task, RunId run);

    /**
     * Reads a part of a run's log, oldest first.
     *
     * @param after the position after which to begin; 0 for the start
     * @param max how many entries at most
     */
    List<StoredLogEntry> readLog(TaskId task, RunId run, long after, int max);
}
