package dev.errand.http;

import dev.errand.Caller;
import dev.errand.ErrorCode;
import dev.errand.RequestDenied;
import dev.errand.RunTokens;
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
     * @throws RequestDenied if there is no token, or it is not valid
     */
    Caller callerOf(HttpServletRequest request) {
        String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        Matcher bearer = BEARER.matcher(header.strip());
        if (!bearer.matches()) {
            throw RequestDenied.of(
                    ErrorCode.NOT_AUTHENTICATED, ErrorCode.NOT_AUTHENTICATED.detail());
        }
        return caller(bearer.group(1))
                .orElseThrow(
                        () ->
                                RequestDenied.of(
                                        ErrorCode.AUTHENTICATION_FAILED,
                                        ErrorCode.AUTHENTICATION_FAILED.detail()));
    }

    private Optional<Caller> caller(String token) {
        return token.startsWith(RunTokens.PREFIX)
                ? runTokens.verify(token).map(grant -> Caller.agent(Optional.empty(), grant))
                : authenticator.authenticate(token);
    }
}
