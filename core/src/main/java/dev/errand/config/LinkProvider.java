package dev.errand.config;

import dev.errand.spi.run.Run;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Where a host serves what the wire links to. Thread-safe and quick: asked for every run that is
 * shown.
 */
@FunctionalInterface
public interface LinkProvider {

    /** How long the link to a log is good for (contract A3, {@code log_url}). */
    Duration LOG_LINK_VALID_FOR = Duration.ofSeconds(3_600);

    /** How long the same link is given again. */
    Duration LOG_LINK_REUSED_FOR = Duration.ofSeconds(3_300);

    /** A link to a run's log that needs no credentials; empty where the host serves none. */
    Optional<URI> logUrl(Run run);

    /** No links at all: a host that does not serve HTTP. */
    static LinkProvider none() {
        return run -> Optional.empty();
    }
}
