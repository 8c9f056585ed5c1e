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
import org.jspecify.annotations.Nullable;

/**
 * The GitHub connections of a directory file. Immutable.
 *
 * @param projectConnections the project of each project-level connection, in the order of the file
 * @param userConnections the user-level connections, in the order of the file
 */
record FileGithubConnections(
        Map<Long, ProjectId> projectConnections, Map<UUID, UserConnection> userConnections)
        implements GithubConnections {

    /**
     * A user-level connection.
     *
     * @param user its owner
     * @param repositories the repositories that it can access, in lower case
     */
    record UserConnection(UserId user, Set<String> repositories) {
        UserConnection {
            repositories = Set.copyOf(repositories);
        }
    }

    FileGithubConnections {
        projectConnections = Collections.unmodifiableMap(new LinkedHashMap<>(projectConnections));
        userConnections = Collections.unmodifiableMap(new LinkedHashMap<>(userConnections));
    }

    Optional<Long> firstOf(ProjectId project) {
        return projectConnections.entrySet().stream()
                .filter(entry -> entry.getValue().equals(project))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    Ownership ofProject(ProjectId project, long id) {
        return ownership(projectConnections.get(id), project);
    }

    Ownership ofUser(UserId user, UUID id) {
        UserConnection connection = userConnections.get(id);
        return ownership(connection == null ? null : connection.user(), user);
    }

    /** Compares an owner, which is null if there is none, with the caller. */
    static <T> Ownership ownership(@Nullable T owner, T caller) {
        if (owner == null) {
            return Ownership.NOT_FOUND;
        }
        return owner.equals(caller) ? Ownership.OWN : Ownership.FOREIGN;
    }

    @Override
    public Optional<UUID> usableConnection(
            ProjectId project, UserId user, Optional<UUID> preferred, String repository) {
        return userConnections.entrySet().stream()
                .filter(entry -> preferred.isEmpty() || preferred.get().equals(entry.getKey()))
                .filter(entry -> entry.getValue().user().equals(user))
                .filter(entry -> entry.getValue().repositories().contains(repository))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public boolean offersUserConnections(ProjectId project) {
        return !userConnections.isEmpty();
    }

    @Override
    public boolean hasProjectConnection(ProjectId project) {
        return firstOf(project).isPresent();
    }
}
