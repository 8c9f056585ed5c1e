package dev.errand.server;

import dev.errand.agents.AgentRun;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.workspaces.git.GitLimits;
import dev.errand.workspaces.git.GitWorkspaces;
import dev.errand.workspaces.git.RepositoryLocations;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/** Opens the repositories of tasks as the options say. */
final class Repositories {

    private static final String CACHE = ".repositories";

    /** For everything in a launch that is not a fetch, such as writing the files of a checkout. */
    private static final Duration MAX_CHECKOUT = Duration.ofMinutes(10);

    private Repositories() {}

    /**
     * Opens the repositories.
     *
     * @throws InvalidOptionsException if git is missing or too old, or the cache cannot be used
     */
    static GitWorkspaces open(RepositoryOptions options, AgentOptions agents, Path workDirectory) {
        GitLimits limits = GitLimits.DEFAULT.withCheckoutBytes(agents.sandboxes().maxDiskBytes());
        if (options.maxCacheBytes().isPresent()) {
            limits = limits.withCacheBytes(options.maxCacheBytes().getAsLong());
        }
        try {
            return GitWorkspaces.builder(
                            options.cache().orElse(workDirectory.resolve(CACHE)),
                            RepositoryLocations.of(options.urls()))
                    .limits(limits)
                    .networkTimeLimit(options.timeLimit())
                    .push(options.push())
                    .requestedBranch(AgentRun::baseBranchOf)
                    .readableByOtherUsers(!agents.sandboxes().users().isEmpty())
                    .build();
        } catch (IllegalStateException | UncheckedIOException unusable) {
            throw InvalidOptionsException.of("--repositories: " + unusable.getMessage());
        }
    }

    /** Returns how long a launch may take: with repositories, as long as a fetch may take. */
    static Duration launchLimit(AgentOptions agents) {
        return agents.repositories()
                .map(it -> it.timeLimit().plus(MAX_CHECKOUT))
                .orElse(DispatchTimeouts.DEFAULT.launch());
    }
}
