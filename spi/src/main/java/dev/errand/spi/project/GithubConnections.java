package dev.errand.spi.project;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import java.util.Optional;
import java.util.UUID;

/** Which GitHub identities a host can offer a run (contract E4, rows 3 to 6). Thread-safe. */
public interface GithubConnections {

    /**
     * The connection of a user through which the repository can be reached.
     *
     * @param preferred the connection that the task names; where given, only this one will do
     * @param repository {@code organization/name}, lower-case
     */
    Optional<UUID> usableConnection(
            ProjectId project, UserId user, Optional<UUID> preferred, String repository);

    /** Whether the host has user-level connections at all; it decides the wording of a refusal. */
    boolean offersUserConnections(ProjectId project);

    /** Whether the project has a connection of its own. */
    boolean hasProjectConnection(ProjectId project);
}
