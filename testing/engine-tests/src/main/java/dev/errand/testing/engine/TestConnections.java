package dev.errand.testing.engine;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * GitHub identities that a test hands out one by one (docs/wire/user-authorship.md#e4); at first
 * there are none. Thread-safe.
 */
public final class TestConnections implements GithubConnections {

    private record Reach(UserId user, String repository) {}

    private final Map<Reach, UUID> usable = new ConcurrentHashMap<>();
    private final Set<ProjectId> offering = ConcurrentHashMap.newKeySet();
    private final Set<ProjectId> connected = ConcurrentHashMap.newKeySet();

    /** No identities. */
    public TestConnections() {}

    /** The user can reach the repository through this connection. */
    public TestConnections usable(UserId user, String repository, UUID connection) {
        usable.put(new Reach(user, repository), Objects.requireNonNull(connection, "connection"));
        return this;
    }

    /** Users of the project can link accounts. */
    public TestConnections offeredIn(ProjectId project) {
        offering.add(project);
        return this;
    }

    /** The project has a connection of its own. */
    public TestConnections ofProject(ProjectId project) {
        connected.add(project);
        return this;
    }

    @Override
    public Optional<UUID> usableConnection(
            ProjectId project, UserId user, Optional<UUID> preferred, String repository) {
        return Optional.ofNullable(usable.get(new Reach(user, repository)))
                .filter(connection -> preferred.map(connection::equals).orElse(true));
    }

    @Override
    public boolean offersUserConnections(ProjectId project) {
        return offering.contains(project);
    }

    @Override
    public boolean hasProjectConnection(ProjectId project) {
        return connected.contains(project);
    }
}
