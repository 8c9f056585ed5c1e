package dev.errand.spi.dispatch;

import java.util.List;

/**
 * Told by a launcher what its sandboxes print and that they ended. Implementations are thread-safe.
 */
public interface SandboxListener {

    /** Which of a process's outputs a line came from. */
    enum Source {
        STDOUT,
        STDERR
    }

    /**
     * A sandbox printed these lines, in order. A launcher that gets an exception tells the same
     * lines again later, and no later ones before.
     */
    void onOutput(SandboxId sandbox, Source source, List<String> lines);

    /**
     * A sandbox ended; everything it printed was told before. Only a hint to look soon: {@link
     * SandboxLauncher#inspect} has the facts.
     */
    void onExit(SandboxId sandbox);
}
