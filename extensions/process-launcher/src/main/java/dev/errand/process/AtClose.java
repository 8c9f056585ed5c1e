package dev.errand.process;

/** What becomes of sandboxes that are alive when their launcher is closed. */
public enum AtClose {
    /**
     * They live on, with nobody to tell what they print and nobody to keep their time limit, until
     * a launcher on the same work directory is asked for them.
     */
    LEAVE_RUNNING,
    /** They are asked to end, made to after the grace, and are gone, as if they were lost. */
    END
}
