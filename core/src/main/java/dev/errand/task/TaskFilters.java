package dev.errand.task;

import dev.errand.spi.task.RepositoryMatch;
import dev.errand.spi.task.TaskSearch;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Reads the filters of the task list from their query texts (contract D1). A text that is empty
 * after trimming is no filter. No text is refused, and no character in one is a wildcard.
 */
public final class TaskFilters {

    private TaskFilters() {}

    /** With a slash the whole name, without one the name in any organization (contract D1). */
    public static Optional<RepositoryMatch> repository(String query) {
        return present(Repositories.normalise(query))
                .map(
                        name ->
                                name.contains("/")
                                        ? new RepositoryMatch.FullName(name)
                                        : new RepositoryMatch.ShortName(name));
    }

    /** The organization in the form in which repositories are stored (contract D1). */
    public static Optional<String> organization(String query) {
        return present(Repositories.normalise(query));
    }

    /**
     * The trimmed text, and the task number if the text behind the last {@code -} is all ASCII
     * digits, whatever stands before it (contract D1).
     */
    public static Optional<TaskSearch> search(String query) {
        return present(query.strip()).map(text -> new TaskSearch(text, number(text)));
    }

    private static OptionalLong number(String text) {
        String tail = text.substring(text.lastIndexOf('-') + 1);
        if (tail.isEmpty() || !tail.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return OptionalLong.empty();
        }
        try {
            return OptionalLong.of(Long.parseLong(tail));
        } catch (NumberFormatException tooLarge) {
            // All digits, so the size is what is wrong: no task has such a number.
            return OptionalLong.empty();
        }
    }

    private static Optional<String> present(String trimmed) {
        return trimmed.isEmpty() ? Optional.empty() : Optional.of(trimmed);
    }
}
