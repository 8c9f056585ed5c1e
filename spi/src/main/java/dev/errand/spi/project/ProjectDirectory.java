package dev.errand.spi.project;

import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What only the host knows: projects, users, and the things that requests name by id.
 *
 * <p>Every answer may change between two calls; nothing of it is stored but ids. A missing answer
 * becomes a validation error of the request that asked, never a crash. Implementations are
 * thread-safe and quick: they are asked on the request path.
 */
public interface ProjectDirectory {

    /** A directory of these projects and nobody else: enough for a host that acts for itself. */
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

    /** The project with this id; empty if the host has none. */
    Optional<Project> findProject(ProjectId project);

    /** The user with this id; empty if they were removed (contract A2, {@code created_by}). */
    Optional<User> findUser(ProjectId project, UserId user);

    /** The project's first GitHub connection, the default of a new task (contract A2). */
    default Optional<Long> defaultGithubIntegration(ProjectId project) {
        return Optional.empty();
    }

    /** Whose a project-level GitHub connection is (contract E9). */
    default Ownership githubIntegration(ProjectId project, long integration) {
        return Ownership.UNKNOWN;
    }

    /** Whose a user-level GitHub connection is, seen from this user (contract E9). */
    default Ownership githubUserIntegration(ProjectId project, UserId user, UUID integration) {
        return Ownership.UNKNOWN;
    }

    /** Whose a signal report is (contract E7). */
    default Ownership signalReport(ProjectId project, UUID report) {
        return Ownership.UNKNOWN;
    }

    /** The sandbox environment of this project with this id (contract E12). */
    default Optional<SandboxEnvironment> findSandboxEnvironment(
            ProjectId project, UUID environment) {
        return Optional.empty();
    }

    /**
     * The host's GitHub connections; empty where it has no such port, and then rows 3 to 5 of E4 do
     * not apply.
     */
    default Optional<GithubConnections> githubConnections() {
        return Optional.empty();
    }
}
