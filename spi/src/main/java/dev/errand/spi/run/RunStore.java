package dev.errand.spi.run;

import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.util.List;
import java.util.Optional;

/**
 * Keeps the runs of all tasks, each with its dispatch intent in the same row.
 *
 * <p>There is no way to overwrite a run: it is inserted once and then advanced from a version that
 * was read, and a terminal status is final inside the statement. Every method is thread-safe and
 * atomic, and its effect is visible to whoever asks after it returned. A run under another task or
 * in another project is answered like one that never was. Failures of the storage itself are {@link
 * dev.errand.spi.BackendException}s.
 */
public interface RunStore {

    /**
     * Inserts a run with its dispatch intent, and consumes staged artifacts into its manifest, in
     * one step.
     *
     * <p><b>Precondition</b>: the run's id was never used; its manifest is empty.
     * <b>Postcondition</b>: {@link RunInsertResult.Inserted}: the run stands with the entries of
     * {@code consumes} in order, they are staged no more, and no other run has or will get them; it
     * is claimable if it is owed something. Otherwise nothing changed. A key is looked at first,
     * then the task, then the artifacts. <b>Atomic</b>: all or nothing, the key included.
     * <b>Retry</b> after an unknown outcome is safe with a key.
     */
    RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key);

    /** Finds a run of a task, also when the task was deleted. */
    Optional<Run> find(ProjectId project, TaskId task, RunId run);

    /**
     * Replaces a run by its next version, if it still is what was read.
     *
     * <p><b>Postcondition</b>: {@link RunUpdateResult.Advanced}: {@code change.after()} stands; if
     * that leaves nothing owed, or the change says so, the lease on it has ended. Otherwise nothing
     * changed. Looked at in this order: the key, the run, the lease, the version. The lease must be
     * the run's latest; it may have run out as long as nobody claimed since. <b>Retry</b> after an
     * unknown outcome is safe: it answers {@code Stale}, or {@code Replayed} with a key.
     */
    RunUpdateResult advance(ProjectId project, RunChange change);

    /**
     * What a request answered before under this key: {@link InsertResult.Replayed} with its first
     * answer, or {@link InsertResult.KeyConflict} if the key was used for another request; empty if
     * it was not used, or too long ago. Lets a repetition be answered before anything is decided
     * anew; {@link #insert} and {@link #advance} still have the last word.
     */
    Optional<InsertResult<TaskWithLatestRun>> findAnswer(ProjectId project, Idempotency key);

    /**
     * Lists one page of a task's runs, newest first by {@link Run#BY_AGE}, and counts all (contract
     * D9).
     */
    Page<Run> list(ProjectId project, TaskId task, PageRequest page);

    /**
     * Lists the runs of a task that have not ended or are owed something, oldest first; also of a
     * deleted task.
     */
    List<Run> listOpen(ProjectId project, TaskId task);
}
