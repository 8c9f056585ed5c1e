package dev.errand.spi.project;

/** Whether an object that a request names by id belongs to the caller. */
public enum Ownership {
    /** It belongs to the caller's project or user. */
    OWN,
    /** It belongs to another project or user. */
    FOREIGN,
    /** It does not exist. */
    NOT_FOUND
}
