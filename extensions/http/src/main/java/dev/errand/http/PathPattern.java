package dev.errand.http;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A path with names in braces for the segments that vary, as the contract writes it.
 *
 * @param text the whole, from the API's root to the slash at the end
 * @param segments the text, split
 */
record PathPattern(String text, List<String> segments) {

    /** Reads a pattern. */
    static PathPattern of(String text) {
        return new PathPattern(text, List.copyOf(Arrays.asList(text.substring(1).split("/"))));
    }

    /** The varying segments by name; empty if the path is not of this form. */
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
