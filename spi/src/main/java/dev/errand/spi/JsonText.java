package dev.errand.spi;

import java.util.Objects;

/**
 * A JSON value that Errand stores without interpreting it, such as the schema of a task, the output
 * or state of a run, or a log entry.
 *
 * <p>The code that creates a value guarantees that the text is one complete JSON value on one line
 * without insignificant white space; external input is validated before it is wrapped. Two values
 * are equal if their texts are equal. Immutable.
 *
 * @param text the JSON text, never blank
 */
public record JsonText(String text) {

    /** An object without members. */
    public static final JsonText EMPTY_OBJECT = new JsonText("{}");

    /** The JSON value {@code null}. */
    public static final JsonText NULL = new JsonText("null");

    /**
     * Checks only that the text is not blank. A stricter check could reject a value that a store
     * already contains.
     *
     * @throws IllegalArgumentException if {@code text} is blank
     */
    public JsonText {
        Objects.requireNonNull(text, "text");
        if (text.isBlank()) {
            throw new IllegalArgumentException("text must be a JSON value, not blank");
        }
    }

    /** Returns the value with the given text. */
    public static JsonText of(String text) {
        return new JsonText(text);
    }

    /** Whether the value is an object, judged by its first character. */
    public boolean isObject() {
        return text.charAt(0) == '{';
    }

    /** Returns the JSON text. */
    @Override
    public String toString() {
        return text;
    }
}
