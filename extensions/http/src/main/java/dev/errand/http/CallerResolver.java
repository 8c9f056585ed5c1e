package dev.errand.http;

import dev.errand.access.Caller;
import dev.errand.access.SandboxTokens;
import dev.errand.error.AuthenticationException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;

/**
 * Resolves the caller of a request: an agent by its sandbox token, others by the host
 * (docs/wire/authentication.md#c1).
 */
final class CallerResolver {

    private final SandboxTokens sandboxTokens;
    private final Authenticator authenticator;

    CallerResolver(SandboxTokens sandboxTokens, Authenticator authenticator) {
        this.sandboxTokens = sandboxTokens;
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
                token.filter(it -> it.startsWith(SandboxTokens.PREFIX)).isPresent()
                        ? token.flatMap(sandboxTokens::verify)
                                .map(grant -> Caller.agent(Optional.empty(), grant))
                        : authenticator.authenticate(request);
        return caller.orElseThrow(
                () ->
                        token.isPresent()
                                ? AuthenticationException.invalidCredentials()
                                : AuthenticationException.missingCredentials());
    }
}
