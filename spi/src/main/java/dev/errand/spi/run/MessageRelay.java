package dev.errand.spi.run;

import java.util.Optional;

/**
 * Forwards messages of agents to the chat thread that their task came from (docs/wire/runs.md#i12).
 * A host with chats passes its implementation to the engine. Thread-safe.
 */
@FunctionalInterface
public interface MessageRelay {

    /** Knows no chat thread, so every message is skipped. */
    MessageRelay NONE = (run, text) -> Optional.empty();

    /**
     * Queues a message for the chat thread of a run.
     *
     * <p><b>Precondition</b>: the run has not ended; {@code text} is not blank.
     *
     * <p><b>Result</b>: the id under which the message was queued, or empty if the run has no chat
     * thread; nothing happened then.
     *
     * <p><b>Retry</b> after an unknown outcome can queue the message twice.
     *
     * @throws dev.errand.spi.PortException if the message cannot be queued
     */
    Optional<String> relay(Run run, String text);
}
