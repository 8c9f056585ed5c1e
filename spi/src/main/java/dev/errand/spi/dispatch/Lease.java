package dev.errand.spi.dispatch;

import dev.errand.spi.ProjectId;
import dev.errand.spi.run.RunId;
import java.time.Instant;
import java.util.Objects;

/**
 * The right of one owner to act for the executor on one run, until its time is over.
 *
 * @param project the run's project
 * @param run the run
 * @param owner who holds it, a name of the claiming node
 * @param token the fencing token: greater with every claim of the run
 * @param until from when on another may claim, by the backend's clock
 */
public record Lease(ProjectId project, RunId run, String owner, long token, Instant until) {

    /** Refuses null. */
    public Lease {
        Objects.requireNonNull(project, "project");
        Objects.requireNonNull(run, "run");
        Objects.requireNonNull(owner, "owner");
        Objects.requireNonNull(until, "until");
    }
}
