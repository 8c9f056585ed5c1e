package dev.errand.spi.store;

/** The result of replacing the content of a conversation. */
public sealed interface ConversationResult {

    /** The content was replaced. */
    record Replaced(Conversation current) implements ConversationResult {}

    /** The stored content has the same SHA-256. The new object is not referred to. */
    record SameContent(Conversation current) implements ConversationResult {}

    /** The stored content is not the one that the writer last saw. Nothing changed. */
    record Stale(Conversation current) implements ConversationResult {}

    /** The writer is not the sandbox of the run's current attempt. Nothing changed. */
    record NotCurrentSandbox() implements ConversationResult {}

    /** The run does not exist, its task was deleted, or it has no conversation. */
    record NotFound() implements ConversationResult {}
}
