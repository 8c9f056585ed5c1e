package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The bearer token in the {@code Authorization} header. */
final class BearerToken {

    private static final Pattern BEARER =
            Pattern.compile("bearer +([^\\s].*)", Pattern.CASE_INSENSITIVE);

    private BearerToken() {}

    static Optional<String> of(HttpServletRequest request) {
        String header = Optional.ofNullable(request.getHeader("Authorization")).orElse("");
        Matcher bearer = BEARER.matcher(header.strip());
        return bearer.matches() ? Optional.of(bearer.group(1)) : Optional.empty();
    }
}
