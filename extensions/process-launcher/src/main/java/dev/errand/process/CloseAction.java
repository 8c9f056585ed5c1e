package dev.errand.process;

/** What {@link ProcessLauncher#close()} does with living sandboxes. */
public enum CloseAction {
    /**
     * Lets them run. Their output is not forwarded and their time limit is not enforced until a
     * launcher on the same work directory is called for them.
     */
    LEAVE_RUNNING,
    /**
     * Stops them: SIGTERM, then SIGKILL after the grace period. They are gone for the next
     * launcher.
     */
    STOP
}
