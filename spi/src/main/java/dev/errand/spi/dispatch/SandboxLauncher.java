package dev.errand.spi.dispatch;

import dev.errand.spi.ProjectId;
import java.time.Duration;

/**
 * Starts, watches and ends sandboxes (design 5).
 *
 * <p>A launcher may be asked by several nodes and by one node again after a crash. Methods are
 * thread-safe; any of them may throw {@link dev.errand.spi.BackendException}, and then nothing is
 * known of what happened.
 */
public interface SandboxLauncher extends AutoCloseable {

    /**
     * Starts a sandbox, or finds the one that was started before under the same name: the same
     * {@link LaunchRequest#sandbox()} twice starts one sandbox, also across a restart of a launcher
     * that outlives it.
     *
     * <p><b>Postcondition</b>: a sandbox of this name is alive or has ended, and the listener is
     * told what it prints from here on.
     *
     * @return what the launcher calls the sandbox, for people to find it
     */
    String launch(ProjectId project, LaunchRequest request, SandboxListener listener);

    /**
     * Looks at a sandbox, and tells the listener from here on what it prints, if nobody in this
     * process is told yet.
     */
    SandboxState inspect(ProjectId project, SandboxId sandbox, SandboxListener listener);

    /**
     * Ends a sandbox with everything it started: asks first, and ends it by force after {@code
     * grace}.
     *
     * <p>Returns at once; {@link #inspect} tells when it is over. Harmless for a sandbox that ended
     * or never was.
     */
    void stop(ProjectId project, SandboxId sandbox, DispatchState.StopReason cause, Duration grace);

    /**
     * Gives up what an ended sandbox left behind, as the launcher's clean-up policy says;
     * afterwards it is gone. Harmless for one that never was.
     */
    void discard(ProjectId project, SandboxId sandbox);

    /** Lets go of the launcher's own threads and handles; sandboxes that can outlive it do. */
    @Override
    void close();
}
