package dev.errand.spi.task;

import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What the {@code search} filter looks for (contract D1): a literal text in title or description,
 * whatever the case, or a task number.
 *
 * @param text what to look for, never blank
 * @param number the task number that matches as well
 */
public record TaskSearch(String text, OptionalLong number) {

    /**
     * Checks the text.
     *
     * @throws IllegalArgumentException if {@code text} is blank
     */
    public TaskSearch {
        Objects.requireNonNull(number, "number");
        if (text.isBlank()) {
            throw new IllegalArgumentException(
                    "text must not be blank; leave the search out instead");
        }
    }

    /** Whether a task is found. */
    public boolean matches(Task task) {
        if (number.isPresent() && number.getAsLong() == task.number()) {
            return true;
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        return task.details().title().toLowerCase(Locale.ROOT).contains(wanted)
                || task.details().description().toLowerCase(Locale.ROOT).contains(wanted);
    }
}
