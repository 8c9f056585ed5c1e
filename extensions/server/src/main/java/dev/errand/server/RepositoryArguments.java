package dev.errand.server;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.errand.workspaces.git.RepositoryLocations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The command line options for the repositories of tasks. */
final class RepositoryArguments {

    private static final long MIB = 1024L * 1024;
    private static final JsonMapper MAPPER =
            JsonMapper.builder()
                    .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
                    .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .build();

    @Option(
            names = "--repositories",
            paramLabel = "URL|FILE",
            description =
                    "Lets agents work in a checkout of their task's repository. URL contains"
                            + " {repository}, such as https://git.example.com/{repository}.git or"
                            + " file:/srv/git/{repository}.git. FILE is a JSON object of URLs by the"
                            + " names of repositories; * stands for all others. Default: agents"
                            + " start in an empty directory.")
    private @Nullable String repositories;

    @Option(
            names = "--push",
            arity = "0..1",
            fallbackValue = "true",
            paramLabel = "true|false",
            description =
                    "Push the work branch of a run when its agent has ended, over HTTPS with the"
                            + " run's GitHub token. Default: false.")
    private @Nullable Boolean push;

    @Option(
            names = "--repository-cache",
            paramLabel = "DIR",
            description =
                    "Directory for mirrors of repositories, on a local disk. Servers on one machine"
                            + " may share it. Default: a directory in --work-dir.")
    private @Nullable Path cache;

    @Option(
            names = "--repository-cache-mb",
            paramLabel = "N",
            description =
                    "Maximum size of all mirrors in MiB. The least recently used ones are deleted;"
                            + " those in use may exceed it. Default: 51200.")
    private @Nullable Long maxCache;

    @Option(
            names = "--repository-time-limit",
            paramLabel = "TIME",
            converter = DurationConverter.class,
            description = "Maximum duration of a fetch or a push. Default: 30m.")
    private @Nullable Duration timeLimit;

    /** Returns the names of the specified options. */
    List<String> specified() {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("--repositories", repositories);
        values.put("--push", push);
        values.put("--repository-cache", cache);
        values.put("--repository-cache-mb", maxCache);
        values.put("--repository-time-limit", timeLimit);
        values.values().removeIf(Objects::isNull);
        return List.copyOf(values.keySet());
    }

    /**
     * Returns the options; empty if agents start in an empty directory.
     *
     * @throws IllegalArgumentException if an option is invalid; the message begins with its name
     */
    Optional<RepositoryOptions> options() {
        if (repositories == null) {
            if (!specified().isEmpty()) {
                throw new IllegalArgumentException(specified().get(0) + " requires --repositories");
            }
            return Optional.empty();
        }
        if (maxCache != null && (maxCache < 1 || maxCache > Long.MAX_VALUE / MIB)) {
            throw new IllegalArgumentException(
                    "--repository-cache-mb must be 1 or more, not " + maxCache);
        }
        if (timeLimit != null && (timeLimit.isZero() || timeLimit.isNegative())) {
            throw new IllegalArgumentException(
                    "--repository-time-limit must be positive, not " + timeLimit);
        }
        try {
            return Optional.of(
                    new RepositoryOptions(
                            urls(repositories),
                            Boolean.TRUE.equals(push),
                            Optional.ofNullable(cache),
                            maxCache == null
                                    ? OptionalLong.empty()
                                    : OptionalLong.of(maxCache * MIB),
                            timeLimit == null ? RepositoryOptions.DEFAULT_TIME_LIMIT : timeLimit));
        } catch (IllegalArgumentException invalid) {
            throw new IllegalArgumentException("--repositories: " + invalid.getMessage(), invalid);
        }
    }

    private static Map<String, String> urls(String urlOrFile) {
        if (urlOrFile.contains(RepositoryLocations.PLACEHOLDER)) {
            return Map.of("*", urlOrFile);
        }
        if (urlOrFile.contains("://") || urlOrFile.startsWith("file:")) {
            throw new IllegalArgumentException(
                    "the URL must contain " + RepositoryLocations.PLACEHOLDER);
        }
        Path file = Path.of(urlOrFile);
        try {
            return MAPPER.readValue(Files.readString(file), new TypeReference<>() {});
        } catch (JsonProcessingException invalid) {
            // The message could quote a password.
            throw new IllegalArgumentException(
                    file + " is not a JSON object of URLs by the names of repositories");
        } catch (IOException unreadable) {
            throw new IllegalArgumentException(
                    file + " cannot be read, " + unreadable.getClass().getSimpleName(), unreadable);
        }
    }
}
