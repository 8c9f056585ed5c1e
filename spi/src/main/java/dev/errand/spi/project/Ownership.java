package dev.errand.spi.project;

/** The owner of an object that a request names by id, relative to the caller. */
public enum Ownership {
    /** It belongs to the caller's project or user. */
    OWN,
    /** It belongs to another project or user. */
    FOREIGN,
    /** It does not exist. */
    UNKNOWN
}
