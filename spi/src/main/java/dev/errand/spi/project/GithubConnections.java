package dev.errand.spi.project;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import java.util.Optional;
import java.util.UUID;

/**
 * The GitHub connections that a host can offer to runs. If a user-authored cloud run has no token,
 * this interface determines whether it uses a connection of the task's creator, becomes {@code
 * bot}-authored, or is rejected (docs/wire/user-authorship.md#e4). Thread-safe.
 */
public interface GithubConnections {

    /**
     * Finds a connection of a user that can access the repository.
     *
     * @param preferred the connection that the task names; if present, no other one is returned
     * @param repository {@code organization/name}, in lower case
     */
    Optional<UUID> usableConnection(
            ProjectId project, UserId user, Optional<UUID> preferred, String repository);

    /** Whether the host supports user-level connections. Affects the wording of an error. */
    boolean offersUserConnections(ProjectId project);

    /** Whether the project has a connection of its own. */
    boolean hasProjectConnection(ProjectId project);
}
