package dev.errand.spi.sandbox;

import dev.errand.spi.JsonText;
import java.util.Objects;

/**
 * The conversation that an agent program continues: of an earlier attempt of the run, or of a run
 * that it resumes (docs/wire/conversations.md#l4).
 *
 * @param sessionId the id that the program gave it; not checked, since clients can change it
 * @param content opens the file in which the program kept it
 * @param tokenUsage the tokens that the runs of this conversation have used so far, an object with
 *     non-negative integers
 */
public record ResumedConversation(
        String sessionId, Attachment.Content content, JsonText tokenUsage) {

    /** Rejects null components. */
    public ResumedConversation {
        Objects.requireNonNull(sessionId, "sessionId");
        Objects.requireNonNull(content, "content");
        Objects.requireNonNull(tokenUsage, "tokenUsage");
    }
}
