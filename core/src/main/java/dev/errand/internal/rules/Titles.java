package dev.errand.internal.rules;

import java.util.regex.Pattern;

/**
 * The titles of tasks that were created without one (docs/wire/tasks.md#e6). Lengths are in Unicode
 * code points, so that no emoji is cut in half.
 */
public final class Titles {

    /** The maximum length of a generated title. */
    public static final int MAX_GENERATED_LENGTH = 60;

    /** The title for a blank description. */
    public static final String UNTITLED = "Untitled Task";

    private static final String ELLIPSIS = "...";
    private static final Pattern LABEL =
            Pattern.compile("^(?:task|title):", Pattern.CASE_INSENSITIVE);

    private Titles() {}

    /**
     * Returns the first line of a description, shortened. This is the default generator, and the
     * fallback if another generator fails.
     */
    public static String fallback(String description) {
        return description
                .strip()
                .lines()
                .findFirst()
                .map(line -> shorten(line.strip()))
                .orElse(UNTITLED);
    }

    /**
     * Cleans a generated title: removes one leading {@code task:} or {@code title:} in any case,
     * trims and shortens it. If the result is empty, use {@link #fallback}.
     */
    public static String clean(String generated) {
        return shorten(LABEL.matcher(generated.strip()).replaceFirst("").strip());
    }

    private static String shorten(String title) {
        if (title.codePointCount(0, title.length()) <= MAX_GENERATED_LENGTH) {
            return title;
        }
        int kept = MAX_GENERATED_LENGTH - ELLIPSIS.length();
        return title.substring(0, title.offsetByCodePoints(0, kept)) + ELLIPSIS;
    }
}
