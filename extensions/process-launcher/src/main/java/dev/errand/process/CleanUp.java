package dev.errand.process;

/**
 * What becomes of a sandbox's directory once it is discarded. Secrets and the token are erased at
 * the end of the sandbox in every case.
 */
public enum CleanUp {
    /** All directories are deleted. */
    DELETE,
    /**
     * The directory of a failed sandbox is kept for people, under the name {@code attempt_<n>.kept}
     * as long as the builder says; others are deleted. Failed is one that ended by itself with
     * another code than 0, ran into its time limit, left what could not be collected, or was lost.
     */
    KEEP_FAILED,
    /**
     * All directories are kept, under the name {@code attempt_<n>.kept} as long as the builder
     * says.
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
