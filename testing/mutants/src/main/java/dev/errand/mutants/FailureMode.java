package dev.errand.mutants;

/** The failures of similar systems that Errand must prevent. */
public enum FailureMode {
    /** A late writer overwrites a newer state, such as a terminal status. */
    W1,
    /** A committed run is never launched. */
    W2,
    /** A run is stuck for ever. */
    W3,
    /** Live or waiting work is terminated, or executed twice at the same time. */
    W4,
    /** A retry creates a duplicate or reverts an effect. */
    W5,
    /** Lists are wrong or unstable, or data leaks between projects. */
    W6
}
