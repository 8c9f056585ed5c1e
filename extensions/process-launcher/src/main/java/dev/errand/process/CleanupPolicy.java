package dev.errand.process;

/**
 * What happens to a sandbox's directory when the sandbox is discarded. Secrets and the token are
 * deleted at the end of the sandbox in every case.
 */
public enum CleanupPolicy {
    /** Deletes all directories. */
    DELETE,
    /**
     * Keeps the directory of a failed sandbox as {@code attempt_<n>.kept} for the period set by
     * {@link ProcessLauncherBuilder#keepFor}, and deletes others. A sandbox failed if it ended by
     * itself with an exit code other than 0, exceeded its time limit, left results that could not
     * be collected, or was lost.
     */
    KEEP_FAILED,
    /**
     * Keeps all directories as {@code attempt_<n>.kept} for the period set by {@link
     * ProcessLauncherBuilder#keepFor}.
     */
    KEEP_ALL;

    boolean keeps(boolean failed) {
        return switch (this) {
            case DELETE -> false;
            case KEEP_FAILED -> failed;
            case KEEP_ALL -> true;
        };
    }
}
