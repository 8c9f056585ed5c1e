package dev.errand.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path pattern with variable segments in braces.
 *
 * @param text the pattern, with leading and trailing slash
 * @param segments the segments of the pattern
 */
record PathPattern(String text, List<String> segments) {

    /** Parses a pattern. */
    static PathPattern of(String text) {
        return new PathPattern(text, List.copyOf(Arrays.asList(text.substring(1).split("/"))));
    }

    /** Returns the variable segments by name, or empty if the path does not match. */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        for (int i = path.size() - 1; i >= 0; i--) {
            if (!isVariable(i) && !segments.get(i).equals(path.get(i))) {
                return Optional.empty();
            }
        }
        Map<String, String> variables = new HashMap<>();
        for (int i = 0; i < path.size(); i++) {
            if (isVariable(i)) {
                String name = segments.get(i);
                variables.put(name.substring(1, name.length() - 1), path.get(i));
            }
        }
        return Optional.of(variables);
    }

    private boolean isVariable(int index) {
        return segments.get(index).charAt(0) == '{';
    }
}
