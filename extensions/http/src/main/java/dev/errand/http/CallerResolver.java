package dev.errand.http;

import dev.errand.access.Caller;
import dev.errand.access.RunTokens;
import dev.errand.error.AuthenticationException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Resolves the caller of a request: an agent by its run token, others by the host
 * (docs/wire/authentication.md#c1).
 */
final class CallerResolver {

    private final RunTokens runTokens;
    private final Authenticator authenticator;

    CallerResolver(RunTokens runTokens, Authenticator authenticator) {
        this.runTokens = runTokens;
        this.authenticator = authenticator;
    }

    /**
     * Returns the caller of a request.
     *
     * @throws AuthenticationException if the credentials are missing or invalid
     */
    Caller callerOf(HttpServletRequest request) {
        Optional<String> token = BearerToken.of(request);
        Optional<Caller> caller =
                token.filter(it -> it.startsWith(RunTokens.PREFIX)).isPresent()
                        ? token.flatMap(runTokens::verify)
                                .map(grant -> Caller.agent(Optional.empty(), grant))
                        : authenticator.authenticate(request);
        return caller.orElseThrow(
                () ->
                        token.isPresent()
                                ? AuthenticationException.invalidCredentials()
                                : AuthenticationException.missingCredentials());
    }
}
