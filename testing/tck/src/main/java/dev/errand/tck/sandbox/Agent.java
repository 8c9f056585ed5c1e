package dev.errand.tck.sandbox;

/** The behaviour of an agent in a test of {@link SandboxLauncherContract}. Each prints lines. */
public enum Agent {

    /**
     * Prints {@code one} and {@code two} to standard output and {@code oops} to standard error, and
     * exits with 0.
     */
    PRINTS_AND_EXITS,

    /** Prints {@code begun} and exits with 3. */
    FAILS,

    /** Prints {@code begun} and waits for a minute, but exits when it is asked to stop. */
    WAITS,

    /** Prints {@code begun} and waits for a minute, and ignores requests to stop. */
    IGNORES_STOP,

    /** Prints the content of all attachments in the order of their names, one line each. */
    PRINTS_ATTACHMENTS,

    /** Prints the secret named {@code github_user_token}. */
    PRINTS_USER_TOKEN,

    /** Prints its API token. */
    PRINTS_API_TOKEN,

    /** Writes <code>{"answer": 42}</code> as its output and exits with 0. */
    WRITES_OUTPUT,

    /**
     * Leaves the artifacts {@code a.txt}, containing {@code first}, and {@code b.txt}, containing
     * {@code second}, and exits with 0.
     */
    WRITES_ARTIFACTS,

    /**
     * Leaves an output that the launcher cannot collect, for example one that is too large or not a
     * regular file, and exits with 0.
     */
    WRITES_UNCOLLECTABLE_OUTPUT
}
