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
 * @param mayBeLaunched whether the run waits for its launch, but an earlier lease on it expired
 *     instead of being released: the holder of that lease may have launched a sandbox without
 *     recording it. Only the result of a claim says so, not that of a renewal
 */
public record ClaimedRun(Run run, QueueEntry entry, Lease lease, boolean mayBeLaunched) {

    /** Rejects null components. */
    public ClaimedRun {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(entry, "entry");
        Objects.requireNonNull(lease, "lease");
    }

    /** Creates a run of which no unrecorded launch is possible. */
    public ClaimedRun(Run run, QueueEntry entry, Lease lease) {
        this(run, entry, lease, false);
    }

    /**
     * Returns a claimed run.
     *
     * @param hadLease whether an earlier lease had not been released
     */
    public static ClaimedRun of(Run run, QueueEntry entry, Lease lease, boolean hadLease) {
        return new ClaimedRun(run, entry, lease, hadLease && entry.isWaitingToStart(false));
    }

    /** Returns the run together with its queue entry. */
    public StoredRun stored() {
        return new StoredRun(run, Optional.of(entry));
    }
}
