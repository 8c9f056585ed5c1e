package dev.errand.spi.sandbox;

import dev.errand.spi.JsonText;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent program said about its work, for launchers that understand what it prints.
 *
 * @param tokenUsage the tokens that it used, an object with non-negative integers
 *     (docs/wire/runs.md#f)
 * @param sessionId the id by which its conversation can be continued
 * @param failure why it failed, for the run's error message; empty if it did not
 */
public record AgentReport(
        Optional<JsonText> tokenUsage, Optional<String> sessionId, Optional<String> failure) {

    /** The report of a program that said nothing. */
    public static final AgentReport NONE =
            new AgentReport(Optional.empty(), Optional.empty(), Optional.empty());

    /** Rejects null components. */
    public AgentReport {
        Objects.requireNonNull(tokenUsage, "tokenUsage");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(failure, "failure");
    }
}
