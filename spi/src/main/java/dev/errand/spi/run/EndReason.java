package dev.errand.spi.run;

/**
 * Why a run ended, where the six statuses of the wire cannot say it (design 4). Kept beside the
 * status, never shown as one.
 */
public enum EndReason {
    /** Somebody reported the end through the API: an agent, a client, a host. */
    REPORTED,
    /** An output that satisfies the task's schema completed the run (contract I4). */
    OUTPUT_ACCEPTED,
    /** The sandbox ended by itself; its exit code decided. */
    SANDBOX_EXITED,
    /** The sandbox vanished without an exit code. */
    SANDBOX_LOST,
    /** It grew too old in the queue before a launch was tried. */
    QUEUE_EXPIRED,
    /** No sandbox could be started within the dispatch window (contract G6). */
    LAUNCH_FAILED,
    /** A launch took longer than it may. */
    LAUNCH_TIMEOUT,
    /** A credential that the run was created with was gone when it was claimed (contract J28). */
    CREDENTIAL_EXPIRED,
    /** The run took longer than it may. */
    TIME_LIMIT,
    /** The run was silent for longer than it may be: no log, no report. */
    INACTIVITY,
    /** Somebody cancelled the run. */
    CANCELLED,
    /** The run's task was deleted (contract A10). */
    TASK_DELETED
}
