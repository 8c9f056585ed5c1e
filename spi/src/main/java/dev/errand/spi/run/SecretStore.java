package dev.errand.spi.run;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import java.time.Instant;
import java.util.Map;

/**
 * Keeps the secrets of runs, outside their rows and only for a time (contract E4). Thread-safe; a
 * durable backend encrypts.
 */
public interface SecretStore {

    /**
     * Keeps secrets of a run by name until {@code expiresAt}, replacing those of the same names.
     * The run need not exist yet. <b>Retry</b> is safe.
     */
    void put(ProjectId project, RunId run, Map<String, Secret> secrets, Instant expiresAt);

    /** The secrets of a run that have not expired, by the backend's clock. */
    Map<String, Secret> find(ProjectId project, RunId run);

    /** Erases all secrets of a run for good. <b>Retry</b> is safe. */
    void erase(ProjectId project, RunId run);
}
