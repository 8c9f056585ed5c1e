package dev.errand.agents;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Why an agent program failed.
 *
 * @param kind the kind of failure
 * @param message the program's own words
 * @param retryAt when the provider's limit is lifted, if it said so; only for {@link
 *     Kind#PROVIDER_LIMIT}
 */
public record AgentFailure(Kind kind, String message, Optional<Instant> retryAt) {

    /** The kinds of failures, by what must be done about them. */
    public enum Kind {
        /** The credential is missing, wrong or expired. */
        NOT_AUTHENTICATED,
        /** The model does not exist, or this account may not use it. */
        UNKNOWN_MODEL,
        /** The budget of the run or the credit of the account is used up. */
        BUDGET_EXHAUSTED,
        /** The provider accepts no more requests for now. */
        PROVIDER_LIMIT,
        /** The provider refused the content of the conversation. */
        REFUSED,
        /** The program reported a failure of another kind. */
        FAILED,
        /** The program ended without a result. */
        CRASHED,
        /** The program was stopped at a time limit. */
        TIMED_OUT
    }

    /** Rejects null components. */
    public AgentFailure {
        Objects.requireNonNull(kind, "kind");
        Objects.requireNonNull(message, "message");
        Objects.requireNonNull(retryAt, "retryAt");
    }

    /** Returns one sentence for people: the kind, the words, and when to retry. */
    public String describe() {
        String kindWords = kind.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return kindWords + ": " + message + retryAt.map(at -> " (until " + at + ")").orElse("");
    }

    /** Creates a failure without a time. */
    public static AgentFailure of(Kind kind, String message) {
        return new AgentFailure(kind, message, Optional.empty());
    }
}
