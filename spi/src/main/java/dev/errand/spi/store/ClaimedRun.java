package dev.errand.spi.store;

import dev.errand.spi.run.Run;
import java.util.Objects;

/**
 * A run with a live lease.
 *
 * @param run the run in its current version
 * @param lease the lease on it
 */
public record ClaimedRun(Run run, Lease lease) {

    /** Rejects null components. */
    public ClaimedRun {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(lease, "lease");
    }
}
