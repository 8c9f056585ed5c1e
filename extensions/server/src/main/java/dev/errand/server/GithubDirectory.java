package dev.errand.server;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.project.Ownership;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * The GitHub connections of a directory file. Immutable.
 *
 * @param ofProjects whose each project-level connection is, in the file's order
 * @param ofUsers the user-level connections, in the file's order
 */
record GithubDirectory(Map<Long, ProjectId> ofProjects, Map<UUID, OfUser> ofUsers)
        implements GithubConnections {

    /**
     * A user-level connection.
     *
     * @param user whose it is
     * @param repositories what can be reached through it, in lower case
     */
    record OfUser(UserId user, Set<String> repositories) {
        OfUser {
            repositories = Set.copyOf(repositories);
        }
    }

    GithubDirectory {
        ofProjects = Collections.unmodifiableMap(new LinkedHashMap<>(ofProjects));
        ofUsers = Collections.unmodifiableMap(new LinkedHashMap<>(ofUsers));
    }

    Optional<Long> firstOf(ProjectId project) {
        return ofProjects.entrySet().stream()
                .filter(integration -> integration.getValue().equals(project))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Ownership ofProject(ProjectId project, long integration) {
        return belonging(ofProjects.get(integration), project);
    }

    Ownership ofUser(UserId user, UUID integration) {
        OfUser connection = ofUsers.get(integration);
        return belonging(connection == null ? null : connection.user(), user);
    }

    /** Whether the owner, null if there is none, is the one who asks. */
    static <T> Ownership belonging(T owner, T asking) {
        if (owner == null) {
            return Ownership.UNKNOWN;
        }
        return owner.equals(asking) ? Ownership.OWN : Ownership.FOREIGN;
    }

    @Override
    public Optional<UUID> usableConnection(
            ProjectId project, UserId user, Optional<UUID> preferred, String repository) {
        return ofUsers.entrySet().stream()
                .filter(entry -> preferred.isEmpty() || preferred.get().equals(entry.getKey()))
                .filter(entry -> entry.getValue().user().equals(user))
                .filter(entry -> entry.getValue().repositories().contains(repository))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public boolean offersUserConnections(ProjectId project) {
        return !ofUsers.isEmpty();
    }

    @Override
    public boolean hasProjectConnection(ProjectId project) {
        return firstOf(project).isPresent();
    }
}
