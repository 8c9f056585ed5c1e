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

/** GitHub connections that a test configures (docs/wire/user-authorship.md#e4). Thread-safe. */
public final class TestConnections implements GithubConnections {

    private record Reach(UserId user, String repository) {}

    private final Map<Reach, UUID> usable = new ConcurrentHashMap<>();
    private final Set<ProjectId> offering = ConcurrentHashMap.newKeySet();
    private final Set<ProjectId> connected = ConcurrentHashMap.newKeySet();

    /** Creates an instance without connections. */
    public TestConnections() {}

    /** Gives the user access to the repository through this connection. */
    public TestConnections usable(UserId user, String repository, UUID connection) {
        usable.put(new Reach(user, repository), Objects.requireNonNull(connection, "connection"));
        return this;
    }

    /** Allows the users of the project to link accounts. */
    public TestConnections offeredIn(ProjectId project) {
        offering.add(project);
        return this;
    }

    /** Adds a connection that belongs to the project. */
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
