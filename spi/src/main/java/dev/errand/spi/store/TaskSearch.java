package dev.errand.spi.store;

import dev.errand.spi.task.Task;
import java.util.Locale;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * The condition of the {@code search} filter (docs/wire/tasks.md#d1): a literal text in title or
 * description, regardless of case, or a task number.
 *
 * @param text the text to search for, never blank
 * @param number a task number that matches as well
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
            throw new IllegalArgumentException("text must not be blank; omit the search instead");
        }
    }

    /** Whether the condition matches a task. */
    public boolean matches(Task task) {
        if (number.isPresent() && number.getAsLong() == task.number()) {
            return true;
        }
        String wanted = text.toLowerCase(Locale.ROOT);
        return task.details().title().toLowerCase(Locale.ROOT).contains(wanted)
                || task.details().description().toLowerCase(Locale.ROOT).contains(wanted);
    }
}
