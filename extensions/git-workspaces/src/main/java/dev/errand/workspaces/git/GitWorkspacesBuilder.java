package dev.errand.workspaces.git;

import dev.errand.spi.sandbox.LaunchRequest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Builder for {@link GitWorkspaces}. Not thread-safe. */
public final class GitWorkspacesBuilder {

    private final Path cache;
    private final RepositoryLocations locations;
    private Duration networkTimeLimit = Duration.ofMinutes(30);
    private Duration timeLimit = Duration.ofMinutes(5);
    private GitLimits limits = GitLimits.DEFAULT;
    private OptionalInt depth = OptionalInt.empty();
    private boolean partial;
    private boolean submodules;
    private boolean largeFiles;
    private boolean push;
    private boolean newWorkBranch = true;
    private Function<LaunchRequest, Optional<String>> requestedBranch =
            request -> request.run().branch();
    private boolean readableByOtherUsers;
    private String secretName = "github_user_token";
    private String userName = "x-access-token";
    private String authorName = "Errand";
    private String authorEmail = "errand@localhost";

    GitWorkspacesBuilder(Path cache, RepositoryLocations locations) {
        this.cache = cache.toAbsolutePath().normalize();
        this.locations = Objects.requireNonNull(locations, "locations");
    }

    /** Sets the time limit of a call that talks to a server. The default is 30 minutes. */
    public GitWorkspacesBuilder networkTimeLimit(Duration changed) {
        networkTimeLimit = Objects.requireNonNull(changed, "networkTimeLimit");
        return this;
    }

    /** Sets the time limit of any other call of git. The default is 5 minutes. */
    public GitWorkspacesBuilder timeLimit(Duration changed) {
        timeLimit = Objects.requireNonNull(changed, "timeLimit");
        return this;
    }

    /** Sets the limits of sizes and counts. The default is {@link GitLimits#DEFAULT}. */
    public GitWorkspacesBuilder limits(GitLimits changed) {
        limits = Objects.requireNonNull(changed, "limits");
        return this;
    }

    /**
     * Fetches only the newest commits of a branch, and only the branch that a run needs. The
     * default is all commits of all branches.
     *
     * @throws IllegalArgumentException if the number is below 1
     */
    public GitWorkspacesBuilder shallow(int commits) {
        if (commits < 1) {
            throw new IllegalArgumentException("commits must be 1 or more, not " + commits);
        }
        depth = OptionalInt.of(commits);
        return this;
    }

    /**
     * Sets whether the content of files is fetched only for commits that are checked out ({@code
     * --filter=blob:none}). The default is false.
     */
    public GitWorkspacesBuilder partial(boolean changed) {
        partial = changed;
        return this;
    }

    /**
     * Sets whether submodules are checked out. They must be on the same server as the repository,
     * and are fetched for each checkout again. The default is false.
     */
    public GitWorkspacesBuilder submodules(boolean changed) {
        submodules = changed;
        return this;
    }

    /**
     * Sets whether the files of Git LFS are fetched, for each checkout again. This requires the
     * program {@code git-lfs}. The default is false: they are checked out as pointers.
     */
    public GitWorkspacesBuilder largeFiles(boolean changed) {
        largeFiles = changed;
        return this;
    }

    /**
     * Sets whether the work branch is pushed when changes are collected. Changes that the agent did
     * not commit are pushed as a further commit. The default is false.
     */
    public GitWorkspacesBuilder push(boolean changed) {
        push = changed;
        return this;
    }

    /**
     * Sets whether the agent works on a new branch {@code errand/<slug>-<run>}. Otherwise it works
     * on the requested branch, and changes are pushed to it. The default is true.
     */
    public GitWorkspacesBuilder newWorkBranch(boolean changed) {
        newWorkBranch = changed;
        return this;
    }

    /**
     * Sets which branch is checked out; empty for the default branch of the repository. The default
     * is the branch of the run.
     */
    public GitWorkspacesBuilder requestedBranch(Function<LaunchRequest, Optional<String>> changed) {
        requestedBranch = Objects.requireNonNull(changed, "requestedBranch");
        return this;
    }

    /**
     * Sets whether other users of this machine can read the objects of a mirror whose path they
     * know. A launcher that runs agents as other users needs that. Directories of mirrors cannot be
     * listed by others, and their names cannot be guessed. The default is false.
     */
    public GitWorkspacesBuilder readableByOtherUsers(boolean changed) {
        readableByOtherUsers = changed;
        return this;
    }

    /**
     * Sets which secret of a run is the password for the server, and the user name that belongs to
     * it. The default is {@code github_user_token} and {@code x-access-token}.
     *
     * @throws IllegalArgumentException if the user name has other characters than letters, digits
     *     and {@code . _ ~ -}
     */
    public GitWorkspacesBuilder credential(String secret, String user) {
        if (!user.matches("[A-Za-z0-9._~-]+")) {
            throw new IllegalArgumentException("not a user name: " + user);
        }
        secretName = Objects.requireNonNull(secret, "secret");
        userName = user;
        return this;
    }

    /**
     * Sets the author of commits in checkouts, unless the agent chooses another one. The default is
     * {@code Errand <errand@localhost>}.
     */
    public GitWorkspacesBuilder author(String name, String email) {
        authorName = Objects.requireNonNull(name, "name");
        authorEmail = Objects.requireNonNull(email, "email");
        return this;
    }

    /**
     * Opens the cache directory.
     *
     * @throws IllegalStateException if git is missing or too old, {@code git-lfs} is needed and
     *     missing, or another provider of this process uses the cache directory
     * @throws UncheckedIOException if the cache directory cannot be created or opened
     */
    public GitWorkspaces build() {
        GitSettings settings =
                new GitSettings(
                        networkTimeLimit,
                        timeLimit,
                        limits,
                        depth,
                        partial,
                        submodules,
                        largeFiles,
                        push,
                        newWorkBranch,
                        requestedBranch,
                        readableByOtherUsers,
                        secretName,
                        userName,
                        authorName,
                        authorEmail);
        try {
            return GitWorkspaces.open(cache, locations, settings);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot open the cache directory " + cache, failure);
        }
    }
}
