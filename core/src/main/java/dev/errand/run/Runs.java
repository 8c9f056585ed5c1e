package dev.errand.run;

import dev.errand.error.AccessDeniedException;
import dev.errand.error.ConflictException;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.UnavailableException;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RelayStatus;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.LogPage;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * The operations on the runs of one project, for one caller (docs/wire/starting-runs.md#d6, #d10,
 * #i3, #i9, docs/wire/runs.md#d9, #i1, #i2, #i4, docs/wire/logs.md#i5).
 *
 * <p>An operation either takes effect as a whole or not at all. If the storage fails, it throws a
 * {@link PortException} and may have taken effect; only {@link #cancel} returns the failure as a
 * result. An operation with an idempotency key is safe to repeat with the same key. Implementations
 * are thread-safe.
 */
public interface Runs {

    /**
     * Creates a queued cloud run of a task and returns the task with it
     * (docs/wire/starting-runs.md#d6).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid
     * @throws NotFoundException if there is no such task
     */
    default TaskWithLatestRun run(TaskId task, RunTaskRequest request) {
        return run(task, request, Optional.empty());
    }

    /**
     * Creates a queued cloud run of a task. If the same request was made before with the same key,
     * returns the result of that request instead (docs/wire/idempotency-and-limits.md#j29).
     *
     * @param idempotencyKey 1 to 255 characters
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request or the key is not valid, or if the key was
     *     used for another request
     * @throws NotFoundException if there is no such task
     */
    TaskWithLatestRun run(TaskId task, RunTaskRequest request, Optional<String> idempotencyKey);

    /**
     * Creates a run without queueing it (docs/wire/starting-runs.md#d10).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid
     * @throws NotFoundException if there is no such task
     */
    default Run create(TaskId task, CreateRunRequest request) {
        return create(task, request, Optional.empty());
    }

    /**
     * Creates a run without queueing it. If the same request was made before with the same key,
     * returns the result of that request instead (docs/wire/idempotency-and-limits.md#j29).
     *
     * @param idempotencyKey 1 to 255 characters
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request or the key is not valid, or if the key was
     *     used for another request
     * @throws NotFoundException if there is no such task
     */
    Run create(TaskId task, CreateRunRequest request, Optional<String> idempotencyKey);

    /**
     * Returns one page of the runs of a task, newest first, with their total number
     * (docs/wire/runs.md#d9).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task
     */
    Page<Run> list(TaskId task, PageRequest page);

    /**
     * Returns a run (docs/wire/runs.md#i1).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    Run get(TaskId task, RunId run);

    /**
     * Explains the state of a run: its reason, and what happens next. Times are calculated with the
     * options of the most recently created dispatcher among those that are open, or with default
     * options if there is none.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    RunDescription describe(TaskId task, RunId run);

    /**
     * Updates the members that the request sets, in one step (docs/wire/runs.md#i2).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid, or if the run cannot change to
     *     the requested status
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented this one; it is safe to repeat
     */
    Run update(TaskId task, RunId run, UpdateRunRequest request);

    /**
     * Requests the cancellation of a cloud run, without a reason; see {@link #cancel(TaskId, RunId,
     * CancelRunRequest)}.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     */
    default Cancellation cancel(TaskId task, RunId run) {
        return cancel(task, run, CancelRunRequest.WITHOUT_REASON);
    }

    /**
     * Requests the cancellation of a cloud run (docs/wire/runs.md#l2). A run without a sandbox is
     * cancelled at once. Otherwise the request is stored, and the run is cancelled when its sandbox
     * has stopped, or after {@link dev.errand.dispatch.GracePeriods#confirm} if that is not
     * confirmed; if its agent reports another end before, that end is kept. It is safe to repeat:
     * the first reason is kept.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid
     */
    Cancellation cancel(TaskId task, RunId run, CancelRunRequest request);

    /**
     * Queues a cloud run that is not started (docs/wire/starting-runs.md#i3). Starting a queued run
     * again changes only the first message for its agent and the artifacts attached to it.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request is not valid, or if the run is local or is
     *     neither {@code not_started} nor {@code queued}
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented the start; it is safe to repeat
     */
    default TaskWithLatestRun start(TaskId task, RunId run, StartRunRequest request) {
        return start(task, run, request, Optional.empty());
    }

    /**
     * Queues a cloud run that is not started. If the same request was made before with the same
     * key, returns the result of that request instead (docs/wire/idempotency-and-limits.md#j29).
     *
     * @param idempotencyKey 1 to 255 characters
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the request or the key is not valid, if the key was used
     *     for another request, or if the run is local or is neither {@code not_started} nor {@code
     *     queued}
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented the start; it is safe to repeat
     */
    TaskWithLatestRun start(
            TaskId task, RunId run, StartRunRequest request, Optional<String> idempotencyKey);

    /**
     * Restarts a run in the cloud under its id: a local run, or one that has ended
     * (docs/wire/starting-runs.md#i9). If it may still have a sandbox, that sandbox is stopped
     * first. Tokens of earlier attempts are rejected from now on.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write} or is an agent
     * @throws InvalidRequestException if the run is queued or in progress in the cloud, or if it
     *     acts for its user and has no credential for that any more
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented the restart; it is safe to repeat
     */
    Run resumeInCloud(TaskId task, RunId run);

    /**
     * Replaces the output of a run. If the task has a schema, the output must satisfy it, and the
     * run is then completed. Without a schema the status does not change (docs/wire/runs.md#i4).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid, or if the output does not
     *     satisfy the schema of the task
     * @throws NotFoundException if there is no such task or run
     * @throws ConflictException if concurrent updates prevented this one; it is safe to repeat
     */
    Run setOutput(TaskId task, RunId run, SetOutputRequest request);

    /**
     * Appends entries to the log of a run (docs/wire/logs.md#i5). The run itself does not change.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid or has too many entries
     * @throws NotFoundException if there is no such task or run
     */
    default Run appendLog(TaskId task, RunId run, AppendLogRequest request) {
        return appendLog(task, run, request, Optional.empty());
    }

    /**
     * Appends entries to the log of a run. A request that was made before with the same key appends
     * nothing. An entry whose event id is already in the log is skipped
     * (docs/wire/idempotency-and-limits.md#j29).
     *
     * @param idempotencyKey 1 to 255 characters
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request or the key is not valid, if the request has
     *     too many entries, or if the key was used for another request
     * @throws NotFoundException if there is no such task or run
     */
    Run appendLog(
            TaskId task, RunId run, AppendLogRequest request, Optional<String> idempotencyKey);

    /**
     * Sends a message to the chat thread of a run. The message is skipped if the run has ended or
     * has no thread (docs/wire/runs.md#i12).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent of
     *     another run or of a superseded attempt
     * @throws InvalidRequestException if the request is not valid
     * @throws NotFoundException if there is no such task or run
     * @throws UnavailableException if the message relay failed
     */
    RelayResult relayMessage(TaskId task, RunId run, RelayMessageRequest request);

    /**
     * Returns the ids of a run and of its ancestors, oldest first. The ancestors are the run that
     * it resumes, the run resumed by that run, and so on, at most ten
     * (docs/wire/starting-runs.md#e5, docs/wire/logs.md#i7).
     *
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    List<RunId> resumeChain(TaskId task, RunId run);

    /**
     * Returns entries of the log of a run, oldest first.
     *
     * @param after the position of the last entry of the previous call; 0 to start
     * @param max the maximum number of entries
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    default List<StoredLogEntry> readLog(TaskId task, RunId run, long after, int max) {
        return readLog(task, run, LogFilter.ALL, after, max);
    }

    /**
     * Returns those entries of the log of a run that a filter selects, oldest first.
     *
     * @param after the position of the last entry of the previous call; 0 to start
     * @param max the maximum number of entries
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    List<StoredLogEntry> readLog(TaskId task, RunId run, LogFilter filter, long after, int max);

    /**
     * Finds where a page of the entries that a filter selects begins, and counts the entries
     * (docs/wire/logs.md#i8). {@link #readLog(TaskId, RunId, LogFilter, long, int)} reads the page.
     *
     * @param offset the number of selected entries before the page, at least 0
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    LogPage findLogPage(TaskId task, RunId run, LogFilter filter, long offset);

    /**
     * Watches a run: its log from a position on, and its state (docs/wire/stream.md#i13).
     *
     * <p>A subscriber receives the stored entries after the position, then the current state of the
     * run, and then further entries and states, whichever node stores them. It receives each entry
     * once and in order; it receives no state before the entries that were stored earlier, and may
     * miss states between two others. Its last item is the final state of the run. {@code
     * onComplete} follows {@link dev.errand.config.WatchOptions#endGrace} after the end of the run,
     * or at once if the run ended before that. {@code onError} receives a {@link NotFoundException}
     * if the run or its task was deleted, a {@link PortException} if the storage fails, and a
     * {@link java.util.concurrent.CancellationException} if the engine was closed.
     *
     * <p>Subscribers are called by the {@linkplain dev.errand.Errand.Builder#watchExecutor
     * executor} of the engine, one call at a time, and must return quickly. An entry is read when
     * it is requested, so a slow subscriber needs no memory. New entries and states are read once
     * for all subscribers of a run. The rights of the caller are checked by this method, and not
     * again later.
     *
     * @param after the position of the last entry that is known, as in {@link #readLog}; 0 for the
     *     start of the log, which is also used if the log is shorter
     * @throws AccessDeniedException if the caller lacks {@code task:read}, or is an agent of
     *     another task
     * @throws NotFoundException if there is no such task or run
     */
    Flow.Publisher<RunUpdate> watch(TaskId task, RunId run, long after);

    /**
     * Returns a token with which its bearer can talk to the agent server of a run until the token
     * expires (docs/wire/runs.md#i10). The token is a secret.
     *
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent
     * @throws NotFoundException if there is no such task or run, or the engine has no {@linkplain
     *     dev.errand.Errand.Builder#connectionTokens issuer} of such tokens
     * @throws PortException if the token cannot be signed
     */
    Secret connectionToken(TaskId task, RunId run);

    /**
     * Sends a command to the agent of a run (docs/wire/runs.md#i11). The agent answers a message
     * when its turn ends, which can take minutes; no thread waits for it.
     *
     * @return the answer. The stage fails with an {@link dev.errand.error.UnavailableException},
     *     whose code says whether the agent server answered with an error, could not be reached, or
     *     did not answer in time, or whether its reply could not be used
     * @throws InvalidRequestException if the request is not valid, the run has no sandbox, commands
     *     may not be sent to its URL, or the run has no such artifact
     * @throws AccessDeniedException if the caller lacks {@code task:write}, or is an agent
     * @throws NotFoundException if there is no such task or run, or the engine has no {@linkplain
     *     dev.errand.Errand.Builder#connectionTokens issuer} of connection tokens
     * @throws PortException if the connection token cannot be signed
     */
    CompletionStage<CommandReply> sendCommand(TaskId task, RunId run, CommandRequest request);

    /**
     * The result of {@link Runs#relayMessage} (docs/wire/runs.md#i12).
     *
     * @param relayId the id of the queued message; empty if it was skipped
     */
    record RelayResult(Optional<String> relayId) {

        /** The result if the run has ended or has no chat thread. */
        public static final RelayResult SKIPPED = new RelayResult(Optional.empty());

        /** Returns whether the message was queued or skipped. */
        public RelayStatus status() {
            return relayId.isPresent() ? RelayStatus.ACCEPTED : RelayStatus.SKIPPED;
        }
    }
}
