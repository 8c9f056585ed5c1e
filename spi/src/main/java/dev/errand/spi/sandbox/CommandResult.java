package dev.errand.spi.sandbox;

import java.util.Objects;

/** The result of sending a command to an agent server (docs/wire/runs.md#i11). */
public sealed interface CommandResult {

    /**
     * The agent server answered.
     *
     * @param status the HTTP status
     * @param body the body as text, exactly as it was received
     */
    record Answered(int status, String body) implements CommandResult {
        /** Rejects null components. */
        public Answered {
            Objects.requireNonNull(body, "body");
        }
    }

    /** No connection could be established, or it was lost before the answer. */
    record Unreachable() implements CommandResult {}

    /** The agent server did not answer in time. */
    record TimedOut() implements CommandResult {}

    /**
     * The command was not sent, or its answer was not accepted.
     *
     * @param reason why, without data of the command or the answer
     */
    record Failed(String reason) implements CommandResult {
        /** Rejects null components. */
        public Failed {
            Objects.requireNonNull(reason, "reason");
        }
    }
}
