package dev.errand.memory;

import dev.errand.spi.run.Run;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import java.time.Instant;
import java.util.Optional;

/** A run in its current version, with its lease. */
final class RunData {

    Run run;

    /** The latest lease, until it is released or the run needs no further dispatcher action. */
    Optional<Lease> lease = Optional.empty();

    /** Whether the lease has expired. Its owner can renew it until another node claims the run. */
    boolean leaseExpired;

    /** The token of the latest claim, 0 before the first one. */
    long lastToken;

    RunData(Run run) {
        this.run = run;
    }

    boolean needsAction() {
        return run.dispatch().phase().isActive();
    }

    /** Returns the due time. The run must need dispatcher action. */
    Instant dueAt() {
        return run.dispatch().dueAt().orElseThrow();
    }

    boolean hasLiveLease() {
        return lease.isPresent() && !leaseExpired;
    }

    /**
     * Whether the lease is the run's latest. Compares tokens only, since a renewal changes only the
     * end.
     */
    boolean isHeldUnder(Lease held) {
        return lease.filter(latest -> latest.token() == held.token()).isPresent();
    }

    boolean isWaitingToStart() {
        return run.dispatch().isWaitingToStart(lease.isPresent());
    }

    boolean countsAgainstLimit() {
        return run.dispatch().countsAgainstLimit(lease.isPresent());
    }

    /**
     * Whether the run still is the version that was read. The status is compared as well, so that a
     * change whose {@code before} has a made-up status is rejected.
     */
    boolean matches(Run read) {
        return run.version() == read.version() && run.status() == read.status();
    }

    /** Stores the next version. The lease ends with it if the change or the new state says so. */
    void update(RunChange change) {
        run = change.after();
        if (change.releasesLease() || !needsAction()) {
            endLease();
        }
    }

    void claim(String owner, Instant until) {
        lastToken++;
        setLease(owner, until);
    }

    void renew(Instant until) {
        setLease(lease.orElseThrow().owner(), until);
    }

    private void setLease(String owner, Instant until) {
        lease = Optional.of(new Lease(run.project(), run.id(), owner, lastToken, until));
        leaseExpired = false;
    }

    void endLease() {
        lease = Optional.empty();
        leaseExpired = false;
    }
}
