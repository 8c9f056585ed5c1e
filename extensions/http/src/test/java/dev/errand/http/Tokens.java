package dev.errand.http;

import dev.errand.access.Caller;
import dev.errand.access.Scope;
import dev.errand.spi.ProjectId;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The bearer tokens of the callers in tests. */
final class Tokens implements Authenticator {

    /** Rosa with all scopes in project 7. */
    static final String ROSA = "planted-rosa-everything";

    /** Rosa with all scopes in both projects. */
    static final String ROSA_BOTH = "planted-rosa-in-both-projects";

    /** Tom with the write scope in project 7. */
    static final String TOM = "planted-tom-writes";

    /** Tom with all scopes in project 8 only. */
    static final String TOM_OTHER = "planted-tom-in-the-other-project";

    static final String WRITE = "planted-key-that-writes";
    static final String READ = "planted-key-that-reads";
    static final String NONE = "planted-key-without-scopes";

    private static final Set<ProjectId> ACME = Set.of(AcmeDirectory.ACME);
    private static final Set<ProjectId> OTHER = Set.of(AcmeDirectory.OTHER);
    private static final Set<ProjectId> BOTH = Set.of(AcmeDirectory.ACME, AcmeDirectory.OTHER);

    private static final Map<String, Caller> CALLERS =
            Map.of(
                    ROSA, Caller.key(AcmeDirectory.ROSA, ACME, Set.of(Scope.EVERYTHING)),
                    ROSA_BOTH, Caller.key(AcmeDirectory.ROSA, BOTH, Set.of(Scope.EVERYTHING)),
                    TOM, Caller.key(AcmeDirectory.TOM, ACME, Set.of(Scope.TASK_WRITE)),
                    TOM_OTHER, Caller.key(AcmeDirectory.TOM, OTHER, Set.of(Scope.EVERYTHING)),
                    WRITE, Caller.key(AcmeDirectory.ROSA, ACME, Set.of(Scope.TASK_WRITE)),
                    READ, Caller.key(AcmeDirectory.ROSA, ACME, Set.of(Scope.TASK_READ)),
                    NONE, Caller.key(AcmeDirectory.ROSA, ACME, Set.of()));

    @Override
    public Optional<Caller> authenticate(HttpServletRequest request) {
        return Authenticator.bearerToken(request).map(CALLERS::get);
    }
}
