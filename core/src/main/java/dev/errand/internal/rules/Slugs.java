package dev.errand.internal.rules;

import java.util.Locale;

/**
 * The short name of a task that people say to each other, such as {@code AMA-42} (contract A7). It
 * is made on every read from the project's present name and is never stored.
 */
public final class Slugs {

    private static final int PREFIX_LENGTH = 3;
    private static final String PREFIX_OF_NOTHING = "TSK";

    private Slugs() {}

    /** The part before the number (contract A7). Characters are Unicode code points. */
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
            return PREFIX_OF_NOTHING;
        }
        return upperCaseCount == PREFIX_LENGTH
                ? upperCase(upperCase, upperCaseCount)
                : upperCase(kept, keptCount);
    }

    /** The slug of the task with this number in the project of this name (contract A7). */
    public static String slug(String projectName, long number) {
        return prefix(projectName) + "-" + number;
    }

    private static String upperCase(int[] characters, int count) {
        // The root locale: a host that runs in Turkish must not make another slug of "test".
        return new String(characters, 0, count).toUpperCase(Locale.ROOT);
    }
}
