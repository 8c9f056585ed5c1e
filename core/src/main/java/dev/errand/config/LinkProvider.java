package dev.errand.config;

import dev.errand.spi.run.Run;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Creates the links that responses contain. Called for every run in a response, so implementations
 * must be fast. They must also be thread-safe.
 */
@FunctionalInterface
public interface LinkProvider {

    /** The validity of a link to a log (docs/wire/runs.md#a3, {@code log_url}). */
    Duration LOG_LINK_VALID_FOR = Duration.ofSeconds(3_600);

    /** The time during which the same link to a log is returned. */
    Duration LOG_LINK_REUSED_FOR = Duration.ofSeconds(3_300);

    /** Returns a link to the log of a run that works without credentials, or empty. */
    Optional<URI> logUrl(Run run);

    /** Returns a provider without links, for a host that does not serve HTTP. */
    static LinkProvider none() {
        return run -> Optional.empty();
    }
}
