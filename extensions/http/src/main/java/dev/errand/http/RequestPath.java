package dev.errand.http;

import dev.errand.spi.artifact.LocalObjectStore;
import jakarta.servlet.http.HttpServletMapping;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.MappingMatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The path of a request, parsed from the raw URI: the decoded path of the container no longer shows
 * which slashes were part of a segment.
 *
 * @param base the raw path before {@code /api}, {@code /_objects} and {@code /_logs}; empty unless
 *     the servlet is mounted deeper
 * @param segments the decoded segments after the base, without the empty one of a trailing slash
 */
record RequestPath(String base, List<String> segments) {

    /** Starts a path parameter, which no served path has. */
    private static final char PATH_PARAMETER = ';';

    private static final Set<String> ROOTS =
            Set.of(Routes.ROOT, LocalObjectStore.PATH, LogLinks.PATH);

    /** Parses the path of a request; empty if it cannot be a served path. */
    static Optional<RequestPath> of(HttpServletRequest request) {
        String uri = request.getRequestURI();
        int end = 0;
        for (int left = depth(request); left > 0 && end >= 0; left--) {
            end = uri.indexOf('/', end + 1);
        }
        if (end < 0 || uri.isEmpty()) {
            return Optional.empty();
        }
        String base = uri.substring(0, end);
        return decoded(uri.substring(end + 1)).map(segments -> new RequestPath(base, segments));
    }

    /** Returns the number of segments of the base, which the mapping determines. */
    private static int depth(HttpServletRequest request) {
        HttpServletMapping mapping = request.getHttpServletMapping();
        String prefix = request.getContextPath();
        if (mapping.getMappingMatch() == MappingMatch.PATH) {
            String pattern = mapping.getPattern();
            String mounted = pattern.substring(0, pattern.length() - "/*".length());
            String last = mounted.substring(mounted.lastIndexOf('/') + 1);
            prefix +=
                    ROOTS.contains(last) ? mounted.substring(0, mounted.lastIndexOf('/')) : mounted;
        }
        return (int) prefix.chars().filter(c -> c == '/').count();
    }

    private static Optional<List<String>> decoded(String path) {
        List<String> segments = new ArrayList<>(Arrays.asList(path.split("/", -1)));
        if (segments.get(segments.size() - 1).isEmpty()) {
            segments.remove(segments.size() - 1);
        }
        for (int i = 0; i < segments.size(); i++) {
            Optional<String> text =
                    Optional.of(segments.get(i))
                            .filter(segment -> segment.indexOf(PATH_PARAMETER) < 0)
                            .flatMap(PercentEncoding::decode)
                            .filter(RequestPath::isName);
            if (text.isEmpty()) {
                return Optional.empty();
            }
            segments.set(i, text.get());
        }
        return Optional.of(List.copyOf(segments));
    }

    /** Whether a segment is neither empty nor a dot segment, which no served path has. */
    private static boolean isName(String segment) {
        return !segment.isEmpty() && !segment.equals(".") && !segment.equals("..");
    }
}
