package dev.errand.spi.sandbox;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.StopReason;
import java.time.Duration;

/**
 * Starts, observes and stops sandboxes.
 *
 * <p>Several nodes may use one launcher, and a node may repeat calls after a crash. Implementations
 * are thread-safe. Every method can throw {@link dev.errand.spi.PortException}; the outcome is then
 * unknown. The parameter {@code project} always equals {@link SandboxId#project()}.
 */
public interface SandboxLauncher extends AutoCloseable {

    /**
     * Starts a sandbox, or finds the one with the same id that was started before. A second call
     * with the same {@link LaunchRequest#sandbox()} starts no second sandbox. If sandboxes survive
     * a restart of the launcher, this also holds after the restart.
     *
     * <p><b>Result</b>: an identifier by which operators can find the sandbox in the launcher's
     * system. The sandbox is running or has exited, and the listener receives all output that has
     * not been delivered to a listener.
     *
     * <p><b>Retry</b> is safe.
     */
    String launch(ProjectId project, LaunchRequest request, SandboxListener listener);

    /**
     * Returns the state of a sandbox. The listener receives all output that has not been delivered
     * to a listener, unless a listener in this process already receives it. <b>Retry</b> is safe.
     */
    SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener);

    /**
     * Stops a sandbox and all its processes: asks it to exit, and terminates it forcibly after
     * {@code grace}.
     *
     * <p>Returns at once; {@link #inspect} shows when the sandbox has exited. Does nothing if it
     * has exited or does not exist. <b>Retry</b> is safe.
     */
    void stop(ProjectId project, SandboxId sandbox, StopReason reason, Duration grace);

    /**
     * Applies the launcher's clean-up policy to what an exited sandbox left behind. Afterwards
     * {@link #inspect} returns {@link SandboxState.Gone}. Does nothing if it does not exist.
     * <b>Retry</b> is safe.
     */
    void discard(ProjectId project, SandboxId sandbox);

    /** Releases the launcher's threads and handles. Sandboxes that can outlive it keep running. */
    @Override
    void close();
}
