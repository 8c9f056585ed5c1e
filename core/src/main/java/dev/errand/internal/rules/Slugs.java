package dev.errand.internal.rules;

import java.util.Locale;

/**
 * The short names of tasks, such as {@code AMA-42} (docs/wire/tasks.md#a7). A slug is calculated
 * from the current name of the project on every read and is never stored.
 */
public final class Slugs {

    private static final int PREFIX_LENGTH = 3;
    private static final String DEFAULT_PREFIX = "TSK";

    private Slugs() {}

    /** Returns the part before the number. */
    public static String prefix(String projectName) {
        int[] kept = new int[PREFIX_LENGTH];
        int[] upperCase = new int[PREFIX_LENGTH];
        int keptCount = 0;
        int upperCaseCount = 0;
        int character;
        for (int i = 0;
                i < projectName.length() && upperCaseCount < PREFIX_LENGTH;
                i += Character.charCount(character)) {
            character = projectName.codePointAt(i);
            if (!Character.isLetterOrDigit(character)) {
                continue;
            }
            if (keptCount < PREFIX_LENGTH) {
                kept[keptCount++] = character;
            }
            if (Character.isUpperCase(character)) {
                upperCase[upperCaseCount++] = character;
            }
        }
        if (keptCount == 0) {
            return DEFAULT_PREFIX;
        }
        return upperCaseCount == PREFIX_LENGTH
                ? upperCase(upperCase, upperCaseCount)
                : upperCase(kept, keptCount);
    }

    /** Returns the slug of a task, from the name of its project and its number. */
    public static String slug(String projectName, long number) {
        return prefix(projectName) + "-" + number;
    }

    private static String upperCase(int[] characters, int count) {
        // The root locale, so that the slug does not depend on the locale of the host.
        return new String(characters, 0, count).toUpperCase(Locale.ROOT);
    }
}
