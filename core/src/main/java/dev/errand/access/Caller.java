package dev.errand.access;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.UserId;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * The caller of an operation and its permissions (docs/wire/authentication.md#c1). Created by the
 * host, or by the authenticator of an HTTP server. Immutable.
 *
 * @param user the user; empty if the host does not act for a user
 * @param projects the accessible projects
 * @param scopes the scopes of the credentials
 * @param grant the run that the caller is restricted to, if it is an agent
 */
public record Caller(
        Optional<UserId> user, ProjectScope projects, Set<Scope> scopes, Optional<RunGrant> grant) {

    /** Copies the scopes. */
    public Caller {
        Objects.requireNonNull(user, "user");
        Objects.requireNonNull(projects, "projects");
        scopes = Set.copyOf(scopes);
        Objects.requireNonNull(grant, "grant");
    }

    /**
     * Returns the host itself as a caller without a user. It has all permissions; tasks that it
     * creates have no creator.
     */
    public static Caller host() {
        return new Caller(
                Optional.empty(),
                ProjectScope.everyProject(),
                Set.of(Scope.EVERYTHING),
                Optional.empty());
    }

    /** Returns a user with all permissions in all projects. */
    public static Caller user(UserId user) {
        return new Caller(
                Optional.of(user),
                ProjectScope.everyProject(),
                Set.of(Scope.EVERYTHING),
                Optional.empty());
    }

    /** Returns a user with an API key for some projects and scopes. */
    public static Caller key(UserId user, Set<ProjectId> projects, Set<Scope> scopes) {
        return new Caller(Optional.of(user), ProjectScope.only(projects), scopes, Optional.empty());
    }

    /** Returns the agent in the sandbox of a run. */
    public static Caller agent(Optional<UserId> user, RunGrant grant) {
        return new Caller(
                user,
                ProjectScope.only(Set.of(grant.project())),
                Set.of(Scope.TASK_WRITE),
                Optional.of(grant));
    }

    /**
     * Returns a unique name of this caller. Idempotency keys of different callers do not collide.
     */
    public String identity() {
        if (grant.isPresent()) {
            return "run:" + grant.get().run();
        }
        return user.map(id -> "user:" + id).orElse("host");
    }
}
