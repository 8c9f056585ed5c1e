package dev.errand.spi.workspace;

import dev.errand.spi.sandbox.SandboxId;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * A directory with a checkout of a task's repository.
 *
 * @param sandbox the sandbox that it belongs to
 * @param repository the name of the repository, as in the task
 * @param directory the directory of the checkout
 * @param baseBranch the branch that was checked out
 * @param baseCommit the commit that was checked out
 * @param workBranch the branch that the agent works on
 * @param readOnlyPaths further directories that the checkout reads from. A launcher that isolates
 *     its sandboxes makes them readable there, under the same paths
 */
public record Workspace(
        SandboxId sandbox,
        String repository,
        Path directory,
        String baseBranch,
        String baseCommit,
        String workBranch,
        List<Path> readOnlyPaths) {

    /** Copies the list. */
    public Workspace {
        Objects.requireNonNull(sandbox, "sandbox");
        Objects.requireNonNull(repository, "repository");
        Objects.requireNonNull(directory, "directory");
        Objects.requireNonNull(baseBranch, "baseBranch");
        Objects.requireNonNull(baseCommit, "baseCommit");
        Objects.requireNonNull(workBranch, "workBranch");
        readOnlyPaths = List.copyOf(readOnlyPaths);
    }
}
