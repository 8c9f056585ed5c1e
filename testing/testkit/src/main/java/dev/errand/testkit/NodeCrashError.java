package dev.errand.testkit;

/**
 * Simulates the crash of a node in the middle of a call. An error rather than an exception, since
 * code that handles exceptions must not run after a crash.
 */
public final class NodeCrashError extends Error {

    private static final long serialVersionUID = 1L;

    NodeCrashError(String where) {
        super("simulated crash " + where);
    }
}
