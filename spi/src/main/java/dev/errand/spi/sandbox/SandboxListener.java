package dev.errand.spi.sandbox;

import dev.errand.spi.JsonText;
import java.util.List;

/**
 * Receives the output and the exit of sandboxes from a launcher. Implementations are thread-safe.
 */
public interface SandboxListener {

    /** The stream that a line was written to. */
    enum Source {
        STDOUT,
        STDERR
    }

    /**
     * Called when a sandbox has written lines, in order. If this throws, the launcher delivers the
     * same lines again before it delivers any newer ones.
     */
    void onOutput(SandboxId sandbox, Source source, List<String> lines);

    /**
     * Called instead of {@link #onOutput} by a launcher that understands what the agent program
     * prints, with entries for the log of the run (docs/wire/logs.md#i5), in order. If this method
     * throws, the launcher delivers the same entries again later, and nothing else before them.
     */
    void onLogEntries(SandboxId sandbox, List<JsonText> entries);

    /**
     * Called when a sandbox has exited and all its output was delivered. This is only a hint;
     * {@link SandboxLauncher#inspect} returns how it exited.
     */
    void onExit(SandboxId sandbox);
}
