package dev.errand.spi.dispatch;

import dev.errand.spi.run.Run;
import java.util.Objects;

/**
 * A run under a live lease.
 *
 * @param run the run as it stands
 * @param lease the right to act on it
 */
public record ClaimedRun(Run run, Lease lease) {

    /** Refuses null. */
    public ClaimedRun {
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(lease, "lease");
    }
}
