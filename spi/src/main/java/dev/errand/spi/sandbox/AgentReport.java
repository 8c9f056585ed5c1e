package dev.errand.spi.sandbox;

import dev.errand.spi.JsonText;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What an agent program said about its work, for launchers that understand what it prints.
 *
 * @param tokenUsage the tokens that it used in this sandbox, an object with non-negative integers
 *     (docs/wire/runs.md#f)
 * @param sessionId the id by which its conversation can be continued
 * @param failure why it failed, for the run's error message; empty if it did not
 * @param retryAt when the run can continue, if the program failed because of a limit of its
 *     provider that ends at that time
 * @param conversation the file from which its conversation can be continued
 */
public record AgentReport(
        Optional<JsonText> tokenUsage,
        Optional<String> sessionId,
        Optional<String> failure,
        Optional<Instant> retryAt,
        Optional<ConversationFile> conversation) {

    /** The report of a program that said nothing. */
    public static final AgentReport NONE =
            new AgentReport(Optional.empty(), Optional.empty(), Optional.empty());

    /** Rejects null components. */
    public AgentReport {
        Objects.requireNonNull(tokenUsage, "tokenUsage");
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(failure, "failure");
        Objects.requireNonNull(retryAt, "retryAt");
        Objects.requireNonNull(conversation, "conversation");
    }

    /** Creates a report without a time to retry and without a conversation. */
    public AgentReport(
            Optional<JsonText> tokenUsage, Optional<String> sessionId, Optional<String> failure) {
        this(tokenUsage, sessionId, failure, Optional.empty(), Optional.empty());
    }

    /** Returns a copy with the given time to retry. */
    public AgentReport withRetryAt(Instant changed) {
        return new AgentReport(tokenUsage, sessionId, failure, Optional.of(changed), conversation);
    }

    /** Returns a copy with the given conversation. */
    public AgentReport withConversation(ConversationFile changed) {
        return new AgentReport(tokenUsage, sessionId, failure, retryAt, Optional.of(changed));
    }

    /**
     * The file in which a program kept its conversation.
     *
     * @param sizeInBytes the size; a file of more than 10 MiB is not stored
     * @param content opens the content, until the sandbox is discarded
     */
    public record ConversationFile(long sizeInBytes, Attachment.Content content) {

        /** Rejects null components. */
        public ConversationFile {
            Objects.requireNonNull(content, "content");
        }
    }
}
