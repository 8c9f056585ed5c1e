package dev.errand.run;

/**
 * The limits of the members of run requests (docs/wire/runs.md#a3, docs/wire/starting-runs.md#d6).
 */
public final class RunLimits {

    /** The maximum length of a branch name, in characters. */
    public static final int MAX_BRANCH_LENGTH = 255;

    /** The maximum length of a stage, in characters. */
    public static final int MAX_STAGE_LENGTH = 100;

    /** The maximum length of an artifact id in a request, in characters. */
    public static final int MAX_ARTIFACT_ID_LENGTH = 128;

    /** The maximum length of a message to a chat thread, in characters (docs/wire/runs.md#i12). */
    public static final int MAX_RELAY_LENGTH = 10_000;

    /** The maximum length of a reason to cancel a run, in characters (docs/wire/runs.md#l2). */
    public static final int MAX_CANCEL_REASON_LENGTH = 500;

    private RunLimits() {}
}
