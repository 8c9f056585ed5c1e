package dev.errand.http;

import dev.errand.access.Caller;
import java.util.Optional;

/**
 * Tells who a bearer token stands for (contract C1): the host's keys and users. The tokens of
 * sandboxes never come here; the servlet knows them by itself. Thread-safe and quick: asked once a
 * request.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * The caller with this token; empty if it is not valid now, and then the answer is 401.
     *
     * @param bearerToken what stood behind {@code Bearer}, never empty; a secret
     */
    Optional<Caller> authenticate(String bearerToken);
}
