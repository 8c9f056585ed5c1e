package dev.errand.testkit;

/** What can happen to one call of a port besides its answer. */
public enum Fault {
    /** The call fails before it does anything: try again. */
    THROW,
    /** The call fails for good before it does anything. */
    THROW_FOR_GOOD,
    /** What was asked happens, and the answer is lost: nobody knows. */
    LOSE_REPLY,
    /** The call happens twice, and the second answer is given. */
    REPEAT,
    /** The call takes longer than it should, by the clock of the test. */
    BE_SLOW,
    /** The call does not return until {@link FaultPlan#letGo}. */
    HANG,
    /** Whoever calls dies before anything happened: a {@link NodeDied} that nobody catches. */
    DIE_BEFORE,
    /** Whoever calls dies when it had happened. */
    DIE_AFTER
}
