package dev.errand.server;

import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import dev.errand.spi.project.Ownership;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.project.User;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Projects, users, tokens and other host data from a directory file ({@link DirectoryFile}).
 * Immutable.
 */
final class FileProjectDirectory implements ProjectDirectory {

    private static final ProjectId ONLY_PROJECT = ProjectId.of(1);
    private static final UserId ONLY_USER = UserId.of(1);

    private final Map<ProjectId, Project> projects;
    private final Map<UserId, User> users;
    private final TokenRegistry tokens;
    private final Optional<FileGithubConnections> github;
    private final Map<UUID, ProjectId> signalReports;
    private final Map<EnvironmentKey, SandboxEnvironment> sandboxEnvironments;

    /** Identifies a sandbox environment within its project. */
    record EnvironmentKey(ProjectId project, UUID id) {}

    FileProjectDirectory(
            Map<ProjectId, Project> projects,
            Map<UserId, User> users,
            TokenRegistry tokens,
            Optional<FileGithubConnections> github,
            Map<UUID, ProjectId> signalReports,
            Map<EnvironmentKey, SandboxEnvironment> sandboxEnvironments) {
        this.projects = Collections.unmodifiableMap(new LinkedHashMap<>(projects));
        this.users = Map.copyOf(users);
        this.tokens = tokens;
        this.github = github;
        this.signalReports = Map.copyOf(signalReports);
        this.sandboxEnvironments = Map.copyOf(sandboxEnvironments);
    }

    /** Returns a directory with one project, one user, and one token with all scopes. */
    static FileProjectDirectory withSingleProject(Secret token) {
        TokenRegistry tokens = new TokenRegistry();
        tokens.add(token.reveal(), ONLY_USER, List.of(ONLY_PROJECT), Set.of(Scope.EVERYTHING));
        User user = User.of(ONLY_USER, new UUID(0, 1), "Local", "User", "local@localhost");
        return new FileProjectDirectory(
                Map.of(ONLY_PROJECT, new Project(ONLY_PROJECT, "Default project")),
                Map.of(ONLY_USER, user),
                tokens,
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    /** Returns the projects in the order of the file. */
    List<ProjectId> projects() {
        return List.copyOf(projects.keySet());
    }

    /**
     * Returns the project that {@code @current} denotes for a caller: the first project of its
     * token.
     */
    Optional<ProjectId> activeProject(Caller caller) {
        return tokens.activeProject(caller);
    }

    /** Returns the caller of a bearer token, or empty if the token is not valid. */
    Optional<Caller> authenticate(String bearerToken) {
        return tokens.find(bearerToken);
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
        return github.flatMap(it -> it.firstOf(project));
    }

    @Override
    public Ownership ownershipOfGithubConnection(ProjectId project, long connection) {
        return github.map(it -> it.ofProject(project, connection)).orElse(Ownership.NOT_FOUND);
    }

    @Override
    public Ownership ownershipOfGithubUserConnection(
            ProjectId project, UserId user, UUID connection) {
        return github.map(it -> it.ofUser(user, connection)).orElse(Ownership.NOT_FOUND);
    }

    @Override
    public Ownership ownershipOfSignalReport(ProjectId project, UUID report) {
        return FileGithubConnections.ownership(signalReports.get(report), project);
    }

    @Override
    public Optional<SandboxEnvironment> findSandboxEnvironment(
            ProjectId project, UUID environment) {
        return Optional.ofNullable(
                sandboxEnvironments.get(new EnvironmentKey(project, environment)));
    }

    @Override
    public Optional<GithubConnections> githubConnections() {
        return github.map(connections -> connections);
    }
}
