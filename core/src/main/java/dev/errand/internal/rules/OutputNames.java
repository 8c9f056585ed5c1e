package dev.errand.internal.rules;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * The manifest names of the files that a sandbox left (docs/wire/artifacts.md#h3): the safe name,
 * or for files that would share one the relative path of safe names. Immutable.
 */
public final class OutputNames {

    private static final int MAX_LENGTH = 255;
    private static final String CUT = "...";

    /** How many files have each safe name, ignoring case. */
    private final Map<String, Integer> occurrences = new HashMap<>();

    private OutputNames(List<String> paths) {
        paths.forEach(path -> occurrences.merge(key(path), 1, Integer::sum));
    }

    /** Creates the names of the files with the given relative paths. */
    public static OutputNames of(List<String> paths) {
        return new OutputNames(paths);
    }

    /** Returns the manifest name of one of the files. */
    public String manifestName(String path) {
        return occurrences.getOrDefault(key(path), 1) == 1 ? SafeNames.of(path) : safePath(path);
    }

    private static String key(String path) {
        return SafeNames.of(path).toLowerCase(Locale.ROOT);
    }

    /** The end of a long path says more than its beginning. */
    private static String safePath(String path) {
        String safe =
                Arrays.stream(path.split("/"))
                        .filter(step -> !step.isEmpty())
                        .map(SafeNames::of)
                        .collect(Collectors.joining("/"));
        if (safe.length() <= MAX_LENGTH) {
            return safe;
        }
        int from = safe.length() - (MAX_LENGTH - CUT.length());
        return CUT + safe.substring(Character.isLowSurrogate(safe.charAt(from)) ? from + 1 : from);
    }
}
