package dev.errand.internal.rules;

import java.util.regex.Pattern;

/**
 * The titles of tasks that came without one (contract E6). Characters are Unicode code points, so
 * that no emoji is cut in half.
 */
public final class Titles {

    /** The most characters that a generated title has (contract E6). */
    public static final int MAX_GENERATED_LENGTH = 60;

    /** The title of a description in which nothing is left (contract E6). */
    public static final String UNTITLED = "Untitled Task";

    private static final String ELLIPSIS = "...";
    private static final Pattern LABEL =
            Pattern.compile("^(?:task|title):", Pattern.CASE_INSENSITIVE);

    private Titles() {}

    /**
     * The title made of the first line of a description: the default generator, and what remains
     * when another one fails (contract E6).
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
     * What a generator answered, without one leading {@code task:} or {@code title:} in any case,
     * trimmed and cut to size (contract E6). Empty if nothing is left; then the {@linkplain
     * #fallback fallback} is the title.
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
