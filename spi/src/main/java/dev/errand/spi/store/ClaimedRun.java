package dev.errand.spi.store;

import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import java.util.Objects;
import java.util.Optional;

/**
 * A run with a live lease.
 *
 * @param run the run in its current version
 * @param entry its queue entry
 * @param lease the lease on it
 */
public record ClaimedRun(Run run, QueueEntry entry, Lease lease) {

    /** Rejects null components. */
    public ClaimedRun {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(lease, "lease");
    }

    /** Returns the run together with its queue entry. */
    public StoredRun stored() {
        return new StoredRun(run, Optional.of(entry));
    }
}
