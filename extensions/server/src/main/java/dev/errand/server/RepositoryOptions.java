package dev.errand.server;

import dev.errand.workspaces.git.RepositoryLocations;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * From where agents get the repositories of their tasks, and where their changes go.
 *
 * @param urls the URLs of repositories by their names; the one for {@code *} is that of all others
 *     and contains <code>{repository}</code>
 * @param push whether the work branch of a run is pushed when its agent has ended
 * @param cache the directory for mirrors; empty for one in the work directory
 * @param maxCacheBytes the maximum size of all mirrors together; empty for the default of {@link
 *     dev.errand.workspaces.git.GitLimits}
 * @param timeLimit the maximum duration of each fetch and each push
 */
public record RepositoryOptions(
        Map<String, String> urls,
        boolean push,
        Optional<Path> cache,
        OptionalLong maxCacheBytes,
        Duration timeLimit) {

    /** The default of {@link #timeLimit}. */
    public static final Duration DEFAULT_TIME_LIMIT = Duration.ofMinutes(30);

    private static final String OTHERS = "*";

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if a URL is invalid, or a limit is not positive
     */
    public RepositoryOptions {
        urls = Map.copyOf(urls);
        RepositoryLocations.of(urls);
        Objects.requireNonNull(cache, "cache");
        if (maxCacheBytes.orElse(1) < 1) {
            throw new IllegalArgumentException("maxCacheBytes must be 1 or more");
        }
        if (timeLimit.isZero() || timeLimit.isNegative()) {
            throw new IllegalArgumentException("timeLimit must be positive, not " + timeLimit);
        }
    }

    /**
     * Returns options for the URL of all repositories, with defaults for everything else.
     *
     * @throws IllegalArgumentException if the URL is invalid or does not contain <code>{repository}
     *     </code>
     */
    public static RepositoryOptions ofTemplate(String url) {
        return of(Map.of(OTHERS, url));
    }

    /**
     * Returns options for URLs, with defaults for everything else.
     *
     * @throws IllegalArgumentException if a URL is invalid
     */
    public static RepositoryOptions of(Map<String, String> urls) {
        return new RepositoryOptions(
                urls, false, Optional.empty(), OptionalLong.empty(), DEFAULT_TIME_LIMIT);
    }

    /** Returns one sentence for operators. */
    String sentence() {
        String others = urls.get(OTHERS);
        String names = urls.size() == 1 && others != null ? others : new TreeMap<>(urls).toString();
        return "agents work in checkouts of "
                + names
                + (push ? ", and work branches are pushed" : ", and nothing is pushed");
    }
}
