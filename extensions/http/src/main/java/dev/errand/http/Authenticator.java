package dev.errand.http;

import dev.errand.access.Caller;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.function.Function;

/**
 * Authenticates requests by API keys, sessions or any other credentials of the host
 * (docs/wire/authentication.md#c1). It is called once for each request, except for those of agents
 * in sandboxes, whose tokens the servlet verifies itself. Implementations must be thread-safe.
 */
@FunctionalInterface
public interface Authenticator {

    /**
     * Returns the caller of a request, or empty if its credentials are missing or invalid; the
     * response is then 401.
     *
     * @param request the request; its body must not be read
     */
    Optional<Caller> authenticate(HttpServletRequest request);

    /**
     * Returns an authenticator of bearer tokens.
     *
     * @param callers returns the caller of a token, or empty if the token is not valid
     */
    static Authenticator ofBearerTokens(Function<String, Optional<Caller>> callers) {
        return request -> bearerToken(request).flatMap(callers);
    }

    /** Returns the bearer token of a request, which is a secret; empty if the request has none. */
    static Optional<String> bearerToken(HttpServletRequest request) {
        return BearerToken.of(request);
    }
}
