package dev.errand.http;

import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.project.OrganizationRole;
import dev.errand.spi.project.Ownership;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.project.User;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/**
 * A directory with two projects, and the users, connections and reports of the documented examples.
 */
final class AcmeDirectory implements ProjectDirectory {

    static final ProjectId ACME = ProjectId.of(7);
    static final ProjectId OTHER = ProjectId.of(8);
    static final UserId ROSA = UserId.of(31);
    static final UserId TOM = UserId.of(32);
    static final UUID OWN = UUID.fromString("11111111-1111-4111-8111-111111111111");
    static final UUID FOREIGN = UUID.fromString("22222222-2222-4222-8222-222222222222");
    static final long CONNECTION = 12;
    static final long FOREIGN_CONNECTION = 13;

    private static final Map<ProjectId, String> NAMES =
            Map.of(ACME, "Acme Mobile App", OTHER, "Other");

    private final Optional<GithubConnections> connections;

    /** Creates a directory with the given GitHub connections, which a host may not provide. */
    AcmeDirectory(Optional<GithubConnections> connections) {
        this.connections = connections;
    }

    @Override
    public Optional<Project> findProject(ProjectId project) {
        return Optional.ofNullable(NAMES.get(project)).map(name -> new Project(project, name));
    }

    @Override
    public Optional<User> findUser(ProjectId project, UserId user) {
        if (user.equals(ROSA)) {
            return Optional.of(
                    new User(
                            ROSA,
                            UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10"),
                            Optional.of("u-31"),
                            "Rosa",
                            "Lind",
                            "rosa@example.com",
                            Optional.of(true),
                            Optional.<JsonText>empty(),
                            Optional.of(OrganizationRole.ENGINEERING)));
        }
        return user.equals(TOM)
                ? Optional.of(User.of(TOM, OWN, "Tom", "Byrne", "tom@example.com"))
                : Optional.empty();
    }

    @Override
    public Optional<Long> defaultGithubConnection(ProjectId project) {
        return project.equals(ACME) ? Optional.of(CONNECTION) : Optional.empty();
    }

    @Override
    public Ownership ownershipOfGithubConnection(ProjectId project, long connection) {
        if (connection == CONNECTION) {
            return Ownership.OWN;
        }
        return connection == FOREIGN_CONNECTION ? Ownership.FOREIGN : Ownership.NOT_FOUND;
    }

    @Override
    public Ownership ownershipOfGithubUserConnection(
            ProjectId project, UserId user, UUID connection) {
        return belonging(connection);
    }

    @Override
    public Ownership ownershipOfSignalReport(ProjectId project, UUID report) {
        return belonging(report);
    }

    @Override
    public Optional<SandboxEnvironment> findSandboxEnvironment(
            ProjectId project, UUID environment) {
        return environment.equals(OWN)
                ? Optional.of(
                        new SandboxEnvironment(OWN, false, Optional.empty(), Optional.empty()))
                : Optional.empty();
    }

    @Override
    public Optional<GithubConnections> githubConnections() {
        return connections;
    }

    private static Ownership belonging(UUID id) {
        if (id.equals(OWN)) {
            return Ownership.OWN;
        }
        return id.equals(FOREIGN) ? Ownership.FOREIGN : Ownership.NOT_FOUND;
    }
}
