package dev.errand.spi;

import java.util.Objects;

/**
 * One JSON value that Errand carries without interpreting it: the text of a task's schema, of a
 * run's output or state, or of a log entry.
 *
 * <p>Whoever makes one promises that {@code text} is one complete JSON value on one line, without
 * insignificant white space; the core checks text from outside before it makes one. Equality is
 * that of the text. Immutable.
 *
 * @param text the JSON text, never blank
 */
public record JsonText(String text) {

    /** An object without members. */
    public static final JsonText EMPTY_OBJECT = new JsonText("{}");

    /** The JSON value {@code null}. */
    public static final JsonText NULL = new JsonText("null");

    /**
     * Checks the text for presence only; a store must be able to read back what it was given.
     *
     * @throws IllegalArgumentException if {@code text} is blank
     */
    public JsonText {
        Objects.requireNonNull(text, "text");
        if (text.isBlank()) {
            throw new IllegalArgumentException("text must be a JSON value, not blank");
        }
    }

    /** The value with this text. */
    public static JsonText of(String text) {
        return new JsonText(text);
    }

    /** Whether the value is an object, told by its first character. */
    public boolean isObject() {
        return text.charAt(0) == '{';
    }

    /** The JSON text itself. */
    @Override
    public String toString() {
        return text;
    }
}
