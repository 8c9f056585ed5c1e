package dev.errand.spi.project;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.task.Task;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Gives access to the host's projects and users, and to other host objects that requests refer to
 * by id.
 *
 * <p>Results may change between two calls; Errand stores only ids. An object that is not found
 * leads to a validation error of the request. Implementations are thread-safe and fast, since they
 * are called while a request is processed.
 */
public interface ProjectDirectory {

    /**
     * Returns a directory of the given projects without users, for a host that acts on its own
     * behalf.
     */
    static ProjectDirectory of(Project... projects) {
        Map<ProjectId, Project> byId =
                Arrays.stream(projects)
                        .collect(Collectors.toUnmodifiableMap(Project::id, Function.identity()));
        return new ProjectDirectory() {
            @Override
            public Optional<Project> findProject(ProjectId project) {
                return Optional.ofNullable(byId.get(project));
            }

            @Override
            public Optional<User> findUser(ProjectId project, UserId user) {
                return Optional.empty();
            }
        };
    }

    /** Finds a project. */
    Optional<Project> findProject(ProjectId project);

    /**
     * Finds a user; empty also if the user was removed (docs/wire/tasks.md#a2, {@code created_by}).
     */
    Optional<User> findUser(ProjectId project, UserId user);

    /**
     * Finds the GitHub connection of a project that new tasks use by default
     * (docs/wire/tasks.md#a2).
     */
    default Optional<Long> defaultGithubConnection(ProjectId project) {
        return Optional.empty();
    }

    /**
     * Returns whether a project-level GitHub connection belongs to the project
     * (docs/wire/tasks.md#e9).
     */
    default Ownership ownershipOfGithubConnection(ProjectId project, long connection) {
        return Ownership.NOT_FOUND;
    }

    /**
     * Returns whether a user-level GitHub connection belongs to the user (docs/wire/tasks.md#e9).
     */
    default Ownership ownershipOfGithubUserConnection(
            ProjectId project, UserId user, UUID connection) {
        return Ownership.NOT_FOUND;
    }

    /**
     * Returns whether a signal report belongs to the project. A signal report is an object of the
     * host that a task can be about (docs/wire/tasks.md#e7).
     */
    default Ownership ownershipOfSignalReport(ProjectId project, UUID report) {
        return Ownership.NOT_FOUND;
    }

    /** Finds a sandbox environment of the project (docs/wire/starting-runs.md#e12). */
    default Optional<SandboxEnvironment> findSandboxEnvironment(
            ProjectId project, UUID environment) {
        return Optional.empty();
    }

    /**
     * Finds a custom image that a task may use (docs/wire/starting-runs.md#l6). By default there is
     * none.
     */
    default Optional<CustomImage> findCustomImage(Task task, UUID image) {
        return Optional.empty();
    }

    /**
     * Returns the host's GitHub connections. Empty, which is the default, if it has none. A
     * user-authored cloud run on a task with a repository then always needs a {@code
     * github_user_token} (docs/wire/user-authorship.md#e4).
     */
    default Optional<GithubConnections> githubConnections() {
        return Optional.empty();
    }
}
