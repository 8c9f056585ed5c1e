package dev.errand.run;

/** How long the texts of a run may be (contract A3, D6). */
public final class RunLimits {

    /** The longest branch, in characters. */
    public static final int MAX_BRANCH_LENGTH = 255;

    /** The longest stage, in characters. */
    public static final int MAX_STAGE_LENGTH = 100;

    /** The longest artifact id that a request may name, in characters. */
    public static final int MAX_ARTIFACT_ID_LENGTH = 128;

    /** The longest message to a chat thread, in characters (contract I12). */
    public static final int MAX_RELAY_LENGTH = 10_000;

    private RunLimits() {}
}
