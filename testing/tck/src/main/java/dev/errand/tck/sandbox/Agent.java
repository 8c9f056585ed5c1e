package dev.errand.tck.sandbox;

/** What the agents of {@link SandboxLauncherContract} do. */
public enum Agent {

    /** Prints {@code one} and {@code two}, and {@code oops} on the other output; exits with 0. */
    PRINTS_AND_ENDS,

    /** Prints {@code begun}, and exits with 3. */
    FAILS,

    /** Prints {@code begun}, and then does nothing for a minute unless it is asked to end. */
    WAITS,

    /** Prints {@code begun}, and then does nothing for a minute, whoever asks it to end. */
    IGNORES_STOP
}
