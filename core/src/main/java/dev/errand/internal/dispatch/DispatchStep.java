package dev.errand.internal.dispatch;

/** The next step that a dispatcher takes for a run whose lease it holds. */
enum DispatchStep {
    /** Ask the launcher about the sandbox and decide again. */
    INSPECT,
    /** Launch a sandbox, or find the one that was launched under this attempt. */
    LAUNCH,
    /** Fail the run: it exceeded its time in the queue. A sandbox in unknown state is stopped. */
    FAIL_EXPIRED,
    /**
     * Fail the run: its launches failed and are not retried. A sandbox in unknown state is stopped.
     */
    FAIL_LAUNCH,
    /** Record a launch that an earlier lease holder made and did not record. */
    RECORD_MISSED_LAUNCH,
    /**
     * Begin the next attempt: an earlier lease holder may have launched a sandbox that this
     * launcher does not know, for example on another machine. Writes of that sandbox are then
     * rejected, and its dispatcher stops it.
     */
    SUPERSEDE,
    /** Stop dispatching a run that an external agent executes. */
    LEAVE_TO_EXTERNAL_AGENT,
    /** Do nothing: the sandbox runs within its limits. */
    KEEP_RUNNING,
    /** Do nothing: the launcher does not know the state of the sandbox. Check again later. */
    RETRY_LATER,
    /** Store the intent to stop an inactive sandbox, then stop it. */
    STOP_INACTIVE,
    /** Deny the permission requests that nobody answered in time, or cancel the run. */
    APPLY_PERMISSION_POLICY,
    /** Store the intent to stop a sandbox at its time limit, then stop it. */
    STOP_TIMED_OUT,
    /** Stop the sandbox; repeated until it has stopped. */
    STOP,
    /** Do nothing: the run ended a moment ago and the sandbox may send its last output. */
    ALLOW_FINISH,
    /** End the run although the stop of its sandbox is unconfirmed, and continue to stop it. */
    END_UNCONFIRMED,
    /** Record how the sandbox exited, with its output. */
    RECORD_EXIT,
    /**
     * Queue the next attempt for the time at which the provider's limit ends, and keep what the
     * sandbox left.
     */
    WAIT_FOR_PROVIDER,
    /** Record that the sandbox no longer exists. */
    RECORD_GONE
}
