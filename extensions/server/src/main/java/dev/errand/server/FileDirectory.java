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
 * Projects, users, tokens and what else only a host knows, as a file has them ({@link
 * DirectoryFile}). Nothing changes while the server runs. Thread-safe.
 */
final class FileDirectory implements ProjectDirectory {

    private static final ProjectId ONLY_PROJECT = ProjectId.of(1);
    private static final UserId ONLY_USER = UserId.of(1);

    private final Map<ProjectId, Project> projects;
    private final Map<UserId, User> users;
    private final Tokens tokens;
    private final Optional<GithubDirectory> github;
    private final Map<UUID, ProjectId> signalReports;
    private final Map<Environment, SandboxEnvironment> sandboxEnvironments;

    /** Names a sandbox environment: its project, too, must be the asker's. */
    record Environment(ProjectId project, UUID id) {}

    FileDirectory(
            Map<ProjectId, Project> projects,
            Map<UserId, User> users,
            Tokens tokens,
            Optional<GithubDirectory> github,
            Map<UUID, ProjectId> signalReports,
            Map<Environment, SandboxEnvironment> sandboxEnvironments) {
        this.projects = Collections.unmodifiableMap(new LinkedHashMap<>(projects));
        this.users = Map.copyOf(users);
        this.tokens = tokens;
        this.github = github;
        this.signalReports = Map.copyOf(signalReports);
        this.sandboxEnvironments = Map.copyOf(sandboxEnvironments);
    }

    /** One project, one user, and one token that may do everything in it. */
    static FileDirectory ofOne(Secret token) {
        Tokens tokens = new Tokens();
        tokens.add(token.reveal(), ONLY_USER, List.of(ONLY_PROJECT), Set.of(Scope.EVERYTHING));
        User user = User.of(ONLY_USER, new UUID(0, 1), "Local", "User", "local@localhost");
        return new FileDirectory(
                Map.of(ONLY_PROJECT, new Project(ONLY_PROJECT, "Default project")),
                Map.of(ONLY_USER, user),
                tokens,
                Optional.empty(),
                Map.of(),
                Map.of());
    }

    /** The projects, in the file's order. */
    List<ProjectId> projects() {
        return List.copyOf(projects.keySet());
    }

    /** The project that {@code @current} is for a caller: the first that its token names. */
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
    public Optional<Long> defaultGithubIntegration(ProjectId project) {
        return github.flatMap(it -> it.firstOf(project));
    }

    @Override
    public Ownership githubIntegration(ProjectId project, long integration) {
        return github.map(it -> it.ofProject(project, integration)).orElse(Ownership.UNKNOWN);
    }

    @Override
    public Ownership githubUserIntegration(ProjectId project, UserId user, UUID integration) {
        return github.map(it -> it.ofUser(user, integration)).orElse(Ownership.UNKNOWN);
    }

    @Override
    public Ownership signalReport(ProjectId project, UUID report) {
        return GithubDirectory.belonging(signalReports.get(report), project);
    }

    @Override
    public Optional<SandboxEnvironment> findSandboxEnvironment(
            ProjectId project, UUID environment) {
        return Optional.ofNullable(sandboxEnvironments.get(new Environment(project, environment)));
    }

    @Override
    public Optional<GithubConnections> githubConnections() {
        return github.map(connections -> connections);
    }
}
