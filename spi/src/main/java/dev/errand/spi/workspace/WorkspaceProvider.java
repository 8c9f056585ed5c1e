package dev.errand.spi.workspace;

import dev.errand.spi.Secret;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxId;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Prepares the directory in which an agent works, and collects what the agent changed in it. A
 * launcher calls {@link #prepare} before it starts a sandbox, {@link #collect} when the sandbox has
 * exited, and {@link #discard} when it discards the sandbox.
 *
 * <p>Implementations are thread-safe. Workspaces survive a restart: another provider on the same
 * storage finds them. Every method throws {@link WorkspaceException} if it fails; the message is
 * written for people and contains no secret. A call of a thread that is interrupted fails soon.
 */
public interface WorkspaceProvider extends AutoCloseable {

    /**
     * Checks out the repository of the request's task into {@code directory}.
     *
     * <p><b>Precondition</b>: the directory is missing or empty, or an earlier call for the same
     * sandbox was interrupted and left it incomplete; such a directory is deleted first.
     *
     * <p><b>Result</b>: the workspace, or empty if the task has no repository; the directory is not
     * touched then. If the workspace exists, it is returned unchanged. If the call fails, the
     * directory is deleted.
     *
     * <p><b>Retry</b> is safe.
     */
    Optional<Workspace> prepare(LaunchRequest request, Path directory);

    /** Returns the workspace of a sandbox, or empty if it was never prepared or was discarded. */
    Optional<Workspace> find(SandboxId sandbox);

    /**
     * Collects what the agent changed. Call it when no process of the sandbox is alive any more.
     * The content of the workspace is not trusted: nothing in it is executed.
     *
     * <p>If the provider is configured to push, the work branch is pushed, with the credential in
     * {@code secrets} if the server requires one. {@link Changes#patch()} can be read until the
     * workspace is discarded.
     *
     * <p><b>Retry</b> is safe.
     *
     * @param secrets the secrets of the run, as in the {@link LaunchRequest}
     */
    Changes collect(Workspace workspace, Map<String, Secret> secrets);

    /**
     * Deletes the workspace's directory and everything else that belongs to it. Does nothing if it
     * does not exist. <b>Retry</b> is safe.
     */
    void discard(SandboxId sandbox);

    /** Ends running calls, and releases threads and handles. Workspaces are kept. */
    @Override
    void close();
}
