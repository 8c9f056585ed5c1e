package dev.errand.spi.sandbox;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Sends commands to agent servers (docs/wire/runs.md#i11). The URL of an agent server comes from a
 * sandbox, which may be hostile; an implementation decides which hosts and addresses it connects
 * to. Thread-safe.
 */
public interface CommandSender {

    /** Accepts no URL. */
    CommandSender NONE =
            new CommandSender() {
                @Override
                public boolean accepts(String sandboxUrl) {
                    return false;
                }

                @Override
                public CompletionStage<CommandResult> send(SandboxCommand command) {
                    return CompletableFuture.completedFuture(
                            new CommandResult.Failed("commands are not configured"));
                }
            };

    /** Whether commands may be sent to a URL, judged by its text alone. */
    boolean accepts(String sandboxUrl);

    /**
     * Sends a command, at most once, and returns the answer without blocking.
     *
     * <p><b>Precondition</b>: the URL is {@linkplain #accepts accepted}.
     *
     * <p><b>Result</b>: the stage completes normally with each outcome, in bounded time and without
     * holding a thread until then.
     */
    CompletionStage<CommandResult> send(SandboxCommand command);
}
