package dev.errand.access;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.UserId;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * Who asks, and what they may (contract C1). An embedded host makes one; over HTTP an authenticator
 * does. Both meet the same guard.
 *
 * @param user the user; empty for a host that acts for nobody
 * @param projects the projects that the credentials are good for
 * @param scopes what the credentials allow
 * @param grant present when the credentials are the token of a sandbox
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
     * The host itself, acting for nobody: everything is allowed, and tasks it creates have no
     * creator.
     */
    public static Caller host() {
        return new Caller(
                Optional.empty(),
                ProjectScope.everyProject(),
                Set.of(Scope.EVERYTHING),
                Optional.empty());
    }

    /** A user whom the host trusts with everything in every project. */
    public static Caller user(UserId user) {
        return new Caller(
                Optional.of(user),
                ProjectScope.everyProject(),
                Set.of(Scope.EVERYTHING),
                Optional.empty());
    }

    /** A user with a key that is good for some projects and scopes. */
    public static Caller key(UserId user, Set<ProjectId> projects, Set<Scope> scopes) {
        return new Caller(Optional.of(user), ProjectScope.only(projects), scopes, Optional.empty());
    }

    /** An agent in the sandbox of a run. */
    public static Caller agent(Optional<UserId> user, RunGrant grant) {
        return new Caller(
                user,
                ProjectScope.only(Set.of(grant.project())),
                Set.of(Scope.TASK_WRITE),
                Optional.of(grant));
    }

    /** A name for this caller that no other caller shares, for idempotency keys. */
    public String identity() {
        if (grant.isPresent()) {
            return "run:" + grant.get().run();
        }
        return user.map(id -> "user:" + id).orElse("host");
    }
}
