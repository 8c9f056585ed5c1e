package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.Objects;

/**
 * The exclusive right of a dispatcher to act on a run for a limited time.
 *
 * @param project the run's project
 * @param run the run
 * @param owner the name of the node that claimed the run
 * @param token the fencing token, which increases with every claim of the run
 * @param until when the lease ends, by the backend's clock
 */
public record Lease(ProjectId project, RunId run, String owner, long token, Instant until) {

    /** Rejects null components. */
    public Lease {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(until, "until");
    }
}
