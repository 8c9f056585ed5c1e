package dev.errand.spi.run;

/**
 * Why a run ended, in more detail than its status. Stored with the run, but not part of the wire
 * format.
 */
public enum EndReason {
    /**
     * An agent, a client or a host ended the run, through the API or by the result of a worker
     * pool's handler.
     */
    REPORTED,
    /** An output that satisfies the task's schema completed the run (docs/wire/runs.md#i4). */
    OUTPUT_ACCEPTED,
    /** The sandbox exited; its exit code determined the status. */
    SANDBOX_EXITED,
    /** The sandbox disappeared without an exit code. */
    SANDBOX_LOST,
    /** The run stayed in the queue for too long before its first launch. */
    QUEUE_EXPIRED,
    /** No sandbox could be launched, and no further attempt is made (docs/wire/runs.md#g6). */
    LAUNCH_FAILED,
    /** As {@link #LAUNCH_FAILED}; the last launch exceeded its time limit. */
    LAUNCH_TIMEOUT,
    /**
     * A credential given with the run had expired when the run was claimed
     * (docs/wire/guarantees.md#j28).
     */
    CREDENTIAL_EXPIRED,
    /** The run exceeded its time limit. */
    TIME_LIMIT,
    /** The run was inactive for too long: no log entry and no update of the run. */
    INACTIVITY,
    /** The run was cancelled. */
    CANCELLED,
    /** The run's task was deleted (docs/wire/tasks.md#a10). */
    TASK_DELETED
}
