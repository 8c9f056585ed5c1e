package dev.errand.task;

import dev.errand.internal.rules.Titles;
import java.util.Optional;

/**
 * Generates the title of a task from its description (docs/wire/tasks.md#e6). If a generator
 * throws, returns no title, or takes more than three seconds, {@link #FIRST_LINE} is used instead.
 * Implementations are thread-safe.
 */
@FunctionalInterface
public interface TitleGenerator {

    /** The default: the first line of the description, shortened. */
    TitleGenerator FIRST_LINE = description -> Optional.of(Titles.fallback(description));

    /**
     * Generates a title.
     *
     * @param description the description, not empty
     * @return the title, which is trimmed and shortened by the caller; or empty
     */
    Optional<String> title(String description);
}
