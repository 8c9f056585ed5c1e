package dev.errand.process;

/** What {@link ProcessLauncher#close()} does with living sandboxes. */
public enum CloseAction {
    /**
     * Lets them run. Their output is not forwarded and their time limit is not enforced until a
     * method of a launcher on the same work directory is called with their id.
     */
    LEAVE_RUNNING,
    /**
     * Stops them: SIGTERM, then SIGKILL after the grace period. The next launcher reports them as
     * gone.
     */
    STOP
}
