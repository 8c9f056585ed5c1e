package dev.errand.testing.engine;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.project.Ownership;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.project.User;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/**
 * A project directory that a test configures. Objects of one project or user are foreign to all
 * others. Thread-safe.
 */
public final class TestDirectory implements ProjectDirectory {

    private record Environment(ProjectId project, UUID id) {}

    private final Map<ProjectId, Project> projects = new ConcurrentHashMap<>();
    private final Map<UserId, User> users = new ConcurrentHashMap<>();
    private final Map<Long, ProjectId> projectConnections = new ConcurrentSkipListMap<>();
    private final Map<UUID, UserId> userConnections = new ConcurrentHashMap<>();
    private final Map<UUID, ProjectId> reports = new ConcurrentHashMap<>();
    private final Map<Environment, SandboxEnvironment> environments = new ConcurrentHashMap<>();
    private volatile Optional<GithubConnections> connections = Optional.empty();

    /** Creates an empty directory. */
    public TestDirectory() {}

    /** Adds or renames a project. */
    public TestDirectory addProject(ProjectId project, String name) {
        projects.put(project, new Project(project, name));
        return this;
    }

    /** Adds or replaces a user. */
    public TestDirectory addUser(User user) {
        users.put(user.id(), user);
        return this;
    }

    /** Removes a user. */
    public TestDirectory removeUser(UserId user) {
        users.remove(user);
        return this;
    }

    /** Adds a GitHub connection to the project; the smallest number is the default. */
    public TestDirectory addGithubIntegration(ProjectId project, long connection) {
        projectConnections.put(connection, project);
        return this;
    }

    /** Adds a GitHub connection to the user. */
    public TestDirectory addGithubUserIntegration(UserId user, UUID connection) {
        userConnections.put(connection, user);
        return this;
    }

    /** Adds a signal report to the project. */
    public TestDirectory addSignalReport(ProjectId project, UUID report) {
        reports.put(report, project);
        return this;
    }

    /** Adds or replaces a sandbox environment of the project. */
    public TestDirectory addSandboxEnvironment(ProjectId project, SandboxEnvironment environment) {
        environments.put(new Environment(project, environment.id()), environment);
        return this;
    }

    /** Sets the port for GitHub connections; initially there is none. */
    public TestDirectory lookUpGithub(GithubConnections port) {
        connections = Optional.of(Objects.requireNonNull(port, "port"));
        return this;
    }

    @Override
    public Optional<Project> findProject(ProjectId project) {
        return Optional.ofNullable(projects.get(project));
    }

    @Override
    public Optional<User> findUser(ProjectId project, UserId user) {
        return Optional.ofNullable(users.get(user));
    }

    @Override
    public Optional<Long> defaultGithubConnection(ProjectId project) {
        return projectConnections.entrySet().stream()
                .filter(entry -> entry.getValue().equals(project))
                .map(Map.Entry::getKey)
                .findFirst();
    }

    @Override
    public Ownership ownershipOfGithubConnection(ProjectId project, long connection) {
        return belonging(projectConnections.get(connection), project);
    }

    @Override
    public Ownership ownershipOfGithubUserConnection(
            ProjectId project, UserId user, UUID connection) {
        return belonging(userConnections.get(connection), user);
    }

    @Override
    public Ownership ownershipOfSignalReport(ProjectId project, UUID report) {
        return belonging(reports.get(report), project);
    }

    @Override
    public Optional<SandboxEnvironment> findSandboxEnvironment(
            ProjectId project, UUID environment) {
        return Optional.ofNullable(environments.get(new Environment(project, environment)));
    }

    @Override
    public Optional<GithubConnections> githubConnections() {
        return connections;
    }

    private static Ownership belonging(Object owner, Object requester) {
        if (owner == null) {
            return Ownership.NOT_FOUND;
        }
        return owner.equals(requester) ? Ownership.OWN : Ownership.FOREIGN;
    }
}
