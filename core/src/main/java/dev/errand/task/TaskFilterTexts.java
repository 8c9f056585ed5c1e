package dev.errand.task;

import dev.errand.spi.store.RepositoryMatch;
import dev.errand.spi.store.TaskSearch;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Parses the filters of the task list from query parameters (docs/wire/tasks.md#d1). Every text is
 * accepted; a blank one is no filter. There are no wildcards.
 */
public final class TaskFilterTexts {

    private TaskFilterTexts() {}

    /**
     * Parses a repository. A text with a slash is a full name; one without matches the name in any
     * organization.
     */
    public static Optional<RepositoryMatch> repository(String query) {
        return present(Repositories.normalise(query))
                .map(
                        name ->
                                name.contains("/")
                                        ? new RepositoryMatch.FullName(name)
                                        : new RepositoryMatch.ShortName(name));
    }

    /** Parses an organization. */
    public static Optional<String> organization(String query) {
        return present(Repositories.normalise(query));
    }

    /**
     * Parses a search text. If the part after the last {@code -} consists of ASCII digits, the task
     * with that number matches too.
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
            // Too large for a task number.
            return OptionalLong.empty();
        }
    }

    private static Optional<String> present(String trimmed) {
        return trimmed.isEmpty() ? Optional.empty() : Optional.of(trimmed);
    }
}
