package dev.errand.task;

import java.util.Arrays;
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
        int[] kept = projectName.codePoints().filter(Character::isLetterOrDigit).toArray();
        if (kept.length == 0) {
            return PREFIX_OF_NOTHING;
        }
        int[] upperCase = Arrays.stream(kept).filter(Character::isUpperCase).toArray();
        return upperCase.length >= PREFIX_LENGTH ? first(upperCase) : first(kept);
    }

    /** The slug of the task with this number in the project of this name (contract A7). */
    public static String slug(String projectName, long number) {
        return prefix(projectName) + "-" + number;
    }

    private static String first(int[] characters) {
        int count = Math.min(PREFIX_LENGTH, characters.length);
        // The root locale: a host that runs in Turkish must not make another slug of "test".
        return new String(characters, 0, count).toUpperCase(Locale.ROOT);
    }
}
