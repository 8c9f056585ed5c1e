package dev.errand.spi.run;

import java.util.Optional;

/**
 * Takes what agents say to the chat thread that their task came from (contract I12). A host that
 * has chats hands one to the engine. Thread-safe.
 */
@FunctionalInterface
public interface MessageRelay {

    /** Knows no thread: every message is skipped. */
    MessageRelay NONE = (run, text) -> Optional.empty();

    /**
     * Queues a message for the thread that belongs to a run.
     *
     * <p><b>Precondition</b>: the run has not ended; {@code text} is not blank.
     * <b>Postcondition</b>: the message is queued under the id that is answered; or nothing
     * happened, and the answer is empty, since no thread belongs to the run. <b>Retry</b> after an
     * unknown outcome may queue the message twice.
     *
     * @throws dev.errand.spi.BackendException if the message cannot be queued
     */
    Optional<String> relay(Run run, String text);
}
