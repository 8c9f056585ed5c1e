package dev.errand.internal.dispatch;

import dev.errand.internal.engine.ConversationWriter;
import dev.errand.internal.engine.Engine;
import dev.errand.run.Conversations;
import dev.errand.spi.PortException;
import dev.errand.spi.sandbox.AgentReport.ConversationFile;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.store.Conversation;
import dev.errand.spi.store.ConversationResult;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Stores the conversations that sandboxes leave (docs/wire/conversations.md#l4). */
final class ConversationKeeper {

    private static final Logger LOG = LoggerFactory.getLogger(ConversationKeeper.class);

    private ConversationKeeper() {}

    /**
     * Stores a conversation. One that is too large or cannot be stored is left out, which is a note
     * and not a problem of the run.
     *
     * @param mayRetry whether a failure is rethrown, so that the exit is recorded later
     * @return what was left out and why, one sentence each
     */
    static List<String> keep(
            Engine engine, SandboxId sandbox, Optional<ConversationFile> file, boolean mayRetry) {
        if (file.isEmpty()) {
            return List.of();
        }
        if (file.get().sizeInBytes() > Conversations.MAX_BYTES) {
            return List.of(
                    "the conversation is %d bytes long, the limit is %d bytes"
                            .formatted(file.get().sizeInBytes(), Conversations.MAX_BYTES));
        }
        try {
            store(engine, sandbox, file.get());
            return List.of();
        } catch (RuntimeException failure) {
            if (mayRetry) {
                throw failure;
            }
            LOG.error("could not store the conversation of sandbox {}", sandbox, failure);
            return List.of("the conversation could not be stored");
        }
    }

    /** Replaces what is stored, since the exit of a sandbox is its last word. */
    private static void store(Engine engine, SandboxId sandbox, ConversationFile file) {
        Optional<Conversation> before =
                engine.backend()
                        .conversations()
                        .getOrCreate(
                                sandbox.project(),
                                sandbox.task(),
                                sandbox.run(),
                                engine.ids().nextRandom());
        if (before.isEmpty()) {
            return; // The task was deleted.
        }
        try (InputStream content = file.content().open()) {
            ConversationResult result =
                    new ConversationWriter(engine)
                            .replace(sandbox, before.get().sha256(), content, file.sizeInBytes());
            if (result instanceof ConversationResult.Stale) {
                throw PortException.retryable(
                        "ConversationStore",
                        "another writer replaced the conversation of " + sandbox);
            }
        } catch (IOException unreadable) {
            throw PortException.retryable(
                    "SandboxLauncher",
                    "cannot read the conversation of sandbox " + sandbox,
                    unreadable);
        }
    }
}
