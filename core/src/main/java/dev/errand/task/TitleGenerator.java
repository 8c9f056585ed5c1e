package dev.errand.task;

import dev.errand.internal.rules.Titles;
import java.util.Optional;

/**
 * Makes a title from a description (contract E6). One that is slow, throws or has no idea never
 * fails the creation of a task: the default takes its place.
 */
@FunctionalInterface
public interface TitleGenerator {

    /** The default: the first line, shortened. */
    TitleGenerator FIRST_LINE = description -> Optional.of(Titles.fallback(description));

    /**
     * Makes a title.
     *
     * @param description never blank
     * @return the title, to be cleaned and shortened by the caller; empty where there is no idea
     */
    Optional<String> title(String description);
}
