package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.Map;

/**
 * Stores the secrets of runs for a limited time, apart from the runs
 * (docs/wire/user-authorship.md#e4).
 *
 * <p>A durable backend encrypts them. Implementations are thread-safe, and every method is atomic.
 * A {@link dev.errand.spi.PortException} means that the storage failed.
 */
public interface SecretStore {

    /**
     * Stores named secrets of a run until {@code expiresAt}, and replaces those of the same names.
     * The run need not exist yet. <b>Retry</b> is safe.
     */
    void put(ProjectId project, RunId run, Map<String, Secret> secrets, Instant expiresAt);

    /** Finds the secrets of a run that have not expired on the backend's clock, by name. */
    Map<String, Secret> find(ProjectId project, RunId run);

    /** Deletes all secrets of a run. <b>Retry</b> is safe. */
    void erase(ProjectId project, RunId run);
}
