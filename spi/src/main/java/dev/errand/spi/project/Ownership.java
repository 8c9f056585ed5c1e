package dev.errand.spi.project;

/** Whether something that a request names by id is the asker's to name. */
public enum Ownership {
    /** It exists and belongs to the project or user that asks. */
    OWN,
    /** It exists and belongs to another. */
    FOREIGN,
    /** There is no such thing. */
    UNKNOWN
}
