package dev.errand.mutants;

/** What goes wrong elsewhere again and again (design 0). */
public enum Wound {
    /** A late writer overwrites what it never read, an end above all. */
    W1,
    /** Committed but never launched. */
    W2,
    /** Stuck for ever. */
    W3,
    /** Live or waiting work is taken for dead, or two are at it. */
    W4,
    /** A retry makes a duplicate, or undoes what was done. */
    W5,
    /** Lists that are wrong or unstable, and what leaks from one project into another. */
    W6
}
