package dev.errand.spi.run;

/** Why a sandbox is stopped before it exits by itself. */
public enum StopReason {
    /** The run was cancelled. */
    CANCELLED,
    /** The run's task was deleted. */
    TASK_DELETED,
    /** The run's end was reported; the sandbox has a grace period to exit. */
    ENDED,
    /** The run continues on a person's machine (docs/wire/runs.md#g5). */
    HANDOFF,
    /**
     * The run is restarted in the cloud: its next attempt is launched once this sandbox has stopped
     * (docs/wire/starting-runs.md#i9).
     */
    RESTART,
    /** The run exceeded its time limit. */
    TIME_LIMIT,
    /** The run was inactive for too long. */
    INACTIVITY
}
