package dev.errand.http;

import dev.errand.access.Caller;
import dev.errand.access.RunTokens;
import dev.errand.error.AuthenticationException;
import dev.errand.error.RequestException;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Tells who asks from the bearer token of a request (contract C1). */
final class Credentials {

    private static final Pattern BEARER =
            Pattern.compile("bearer +([^\\s].*)", Pattern.CASE_INSENSITIVE);

    private final RunTokens runTokens;
    private final Authenticator authenticator;

    Credentials(RunTokens runTokens, Authenticator authenticator) {
        this.runTokens = runTokens;
        this.authenticator = authenticator;
    }

    /**
     * Who asks.
     *
     * @throws RequestException if there is no token, or it is not valid
     */
    Caller callerOf(HttpServletRequest request) {
        String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        Matcher bearer = BEARER.matcher(header.strip());
        if (!bearer.matches()) {
            throw AuthenticationException.missingCredentials();
        }
        return caller(bearer.group(1))
                .orElseThrow(() -> AuthenticationException.invalidCredentials());
    }

    private Optional<Caller> caller(String token) {
        return token.startsWith(RunTokens.PREFIX)
                ? runTokens.verify(token).map(grant -> Caller.agent(Optional.empty(), grant))
                : authenticator.authenticate(token);
    }
}
