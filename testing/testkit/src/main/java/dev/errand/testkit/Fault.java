package dev.errand.testkit;

/** A fault that can be injected into one call of a port. */
public enum Fault {
    /** Throws a retryable exception; the operation is not executed. */
    THROW,
    /** Throws a permanent exception; the operation is not executed. */
    THROW_PERMANENT,
    /** Executes the operation and then throws a retryable exception, as if the reply was lost. */
    LOSE_REPLY,
    /** Executes the operation twice and returns the second result. */
    REPEAT,
    /** Advances the test clock by the delay of the plan before the operation is executed. */
    DELAY,
    /** Blocks until {@link FaultPlan#releaseHanging} is called, and then executes the operation. */
    HANG,
    /** Throws a {@link NodeCrashError} instead of executing the operation. */
    CRASH_BEFORE,
    /** Executes the operation and then throws a {@link NodeCrashError}. */
    CRASH_AFTER
}
