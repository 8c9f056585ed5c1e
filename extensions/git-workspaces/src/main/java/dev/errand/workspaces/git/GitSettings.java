package dev.errand.workspaces.git;

import dev.errand.spi.sandbox.LaunchRequest;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/**
 * The settings of {@link GitWorkspacesBuilder}.
 *
 * @param networkTimeLimit maximum duration of a call that talks to a server
 * @param timeLimit maximum duration of another call, and of waiting for a lock
 * @param limits limits of sizes and counts
 * @param depth the number of commits of a branch that are fetched; empty for all
 * @param partial whether the content of files is fetched only when it is checked out
 * @param submodules whether submodules are checked out
 * @param largeFiles whether files of Git LFS are fetched
 * @param push whether work branches are pushed
 * @param newWorkBranch whether the agent works on a new branch instead of the requested one
 * @param requestedBranch finds the branch that is checked out; empty for the default branch
 * @param readableByOtherUsers whether other users can read the objects of mirrors
 * @param secretName the name of the secret with the password
 * @param userName the user name that belongs to the password
 * @param authorName the name of the author of commits in checkouts
 * @param authorEmail the address of the author of commits in checkouts
 */
record GitSettings(
        Duration networkTimeLimit,
        Duration timeLimit,
        GitLimits limits,
        OptionalInt depth,
        boolean partial,
        boolean submodules,
        boolean largeFiles,
        boolean push,
        boolean newWorkBranch,
        Function<LaunchRequest, Optional<String>> requestedBranch,
        boolean readableByOtherUsers,
        String secretName,
        String userName,
        String authorName,
        String authorEmail) {}
