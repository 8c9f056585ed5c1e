package dev.errand.spi.store;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;

/**
 * Stores runs, each with its queue entry. {@link RunQueue} assigns them to dispatchers.
 *
 * <p>A run is never overwritten. It is inserted once and then updated on the condition that it
 * still has the version that was read. Implementations are thread-safe. Every method is atomic, and
 * its effect is visible to every call that starts after it returned. A run of another task or
 * project is treated as not found. A {@link dev.errand.spi.PortException} means that the storage
 * failed.
 */
public interface RunStore {

    /**
     * Inserts a run with its queue entry, if it has one, and moves staged artifacts into its
     * manifest.
     *
     * <p><b>Precondition</b>: the run's id was never used, and its manifest is empty.
     *
     * <p><b>Result</b>: {@link RunInsertResult.Inserted} if the run was stored with the artifacts
     * of {@link NewRun#consumes()} in that order. They are no longer staged, and no other run can
     * consume them. If the GitHub connection of the run was recorded on the task, the task has its
     * next version ({@link NewRun#withRecordedConnection}). The run can be claimed if it has a
     * queue entry. Every other result means that nothing changed. Conditions are checked in this
     * order: key, task, artifacts.
     *
     * <p><b>Atomicity</b>: all or nothing, including the key.
     *
     * <p><b>Retry</b> after an unknown outcome is safe with a key.
     *
     * @throws IllegalArgumentException if the run's id was used before
     */
    RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key);

    /** Finds a run with its queue entry. Empty if its task was deleted. */
    Optional<StoredRun> find(ProjectId project, TaskId task, RunId run);

    /** Finds a run with its queue entry, even if its task was deleted. */
    Optional<StoredRun> findIncludingDeleted(ProjectId project, TaskId task, RunId run);

    /**
     * Replaces a run by {@link RunChange#after()} if its stored version is that of {@link
     * RunChange#before()}.
     *
     * <p><b>Result</b>: {@link RunUpdateResult.Updated} if {@link RunChange#after()} was stored.
     * The run's lease ends with the update if the run has no queue entry afterwards or if {@link
     * RunChange#releasesLease()} is set. Every other result means that nothing changed. Conditions
     * are checked in this order: key, existence, lease, version. The lease must be the run's latest
     * and must not have been released; it may have expired.
     *
     * <p><b>Atomicity</b>: all or nothing, including the key.
     *
     * <p><b>Retry</b> after an unknown outcome is safe. If the first attempt succeeded, it returns
     * {@link RunUpdateResult.Replayed} with a key, and {@link RunUpdateResult.LeaseLost} or {@link
     * RunUpdateResult.Stale} without one.
     */
    RunUpdateResult update(ProjectId project, RunChange change);

    /**
     * Finds the stored answer to an earlier request with this key, whether that request inserted a
     * task, inserted a run or updated a run. It allows a caller to reply to a repeated request
     * before it validates the request again. The methods that take a key still check it themselves.
     *
     * <p><b>Result</b>: {@link StoredResult.Replayed} with that answer, or {@link
     * StoredResult.KeyConflict} if the key was used for another request. Empty if the key was not
     * used, or if its answer has expired.
     */
    Optional<StoredResult> findStoredResult(ProjectId project, Idempotency key);

    /**
     * Lists one page of the runs of a task, and counts all of them (docs/wire/runs.md#d9).
     *
     * <p><b>Order</b>: newest first, the reverse of {@link Run#BY_AGE}. A backend on SQL uses at
     * most two statements.
     */
    Page<Run> list(ProjectId project, TaskId task, PageRequest page);

    /**
     * Lists the runs of a task that are not terminal or have a queue entry, even if the task was
     * deleted.
     *
     * <p><b>Order</b>: {@link Run#BY_AGE}, oldest first.
     */
    List<StoredRun> listOpen(ProjectId project, TaskId task);
}
