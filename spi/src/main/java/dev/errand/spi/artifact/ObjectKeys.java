package dev.errand.spi.artifact;

import dev.errand.spi.ProjectId;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Rules, shared by all object stores, for the form of an object key and the project that it belongs
 * to (docs/wire/artifacts.md#h1).
 *
 * <p>A key belongs to the project of its <em>first</em> segment of the form {@code team_<number>}.
 * Later segments are ignored, because the last one is a name that a client chose, possibly {@code
 * team_2}. Upload forms and links contain only a key; this rule derives the project from it.
 */
public final class ObjectKeys {

    /**
     * Maximum length of a key, in characters. Keys that the engine creates have at most half of
     * that length, even with a name of 255 emoji.
     */
    public static final int MAX_LENGTH = 1_024;

    private static final Pattern TEAM = Pattern.compile("team_(0|[1-9][0-9]{0,18})");

    private ObjectKeys() {}

    /**
     * Whether a key is safe and unambiguous in links, on file systems and in logs.
     *
     * <p>It consists of one or more non-empty segments separated by single slashes, and has at most
     * {@link #MAX_LENGTH} characters and no unpaired surrogate. No segment is {@code .} or {@code
     * ..}, and there is no backslash and no control character.
     */
    public static boolean isWellFormed(String key) {
        if (key.length() > MAX_LENGTH || key.codePoints().anyMatch(ObjectKeys::isForbidden)) {
            return false;
        }
        for (String segment : key.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    /** Returns the project of a key. Empty if the key is not well formed or contains no project. */
    public static Optional<ProjectId> projectOf(String key) {
        if (!isWellFormed(key)) {
            return Optional.empty();
        }
        for (String segment : key.split("/")) {
            Matcher team = TEAM.matcher(segment);
            if (team.matches()) {
                return number(team.group(1)).map(ProjectId::of);
            }
        }
        return Optional.empty();
    }

    /** Whether a key is well formed and belongs to the project. */
    public static boolean belongsTo(ProjectId project, String key) {
        Objects.requireNonNull(project, "project");
        return projectOf(key).filter(project::equals).isPresent();
    }

    /**
     * Returns {@code key} after checking that it is well formed and belongs to the project.
     *
     * @throws IllegalArgumentException if the key is not well formed or does not belong to the
     *     project
     */
    public static String requireBelongsTo(ProjectId project, String key) {
        if (!belongsTo(project, key)) {
            // Without the key: it is not safe to show one that holds control characters.
            throw new IllegalArgumentException(
                    "key must be well formed, with team_" + project + " as its first team segment");
        }
        return key;
    }

    private static Optional<Long> number(String digits) {
        try {
            return Optional.of(Long.parseLong(digits));
        } catch (NumberFormatException e) {
            // The number is larger than any project id.
            return Optional.empty();
        }
    }

    private static boolean isForbidden(int codePoint) {
        return codePoint == '\\'
                || Character.isISOControl(codePoint)
                || Character.getType(codePoint) == Character.SURROGATE;
    }
}
