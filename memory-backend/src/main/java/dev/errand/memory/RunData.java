package dev.errand.memory;

import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.Optional;

/** A run and its queue entry in their current version, with the lease. */
final class RunData {

    StoredRun stored;

    /** The latest lease, until it is released or the run has no queue entry any more. */
    Optional<Lease> lease = Optional.empty();

    /** Whether the lease has expired. Its owner can renew it until another node claims the run. */
    boolean leaseExpired;

    /** The token of the latest claim, 0 before the first one. */
    long lastToken;

    RunData(StoredRun stored) {
        this.stored = stored;
    }

    Run run() {
        return stored.run();
    }

    boolean isQueued() {
        return stored.entry().isPresent();
    }

    /** Returns the queue entry, which must be present. */
    QueueEntry entry() {
        return stored.entry().orElseThrow();
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
        return entry().isWaitingToStart(lease.isPresent());
    }

    boolean countsAgainstLimit() {
        return entry().countsAgainstLimit(lease.isPresent());
    }

    /**
     * Whether the run still is the version that was read. The status is compared as well, so that a
     * change whose {@code before} has a made-up status is rejected.
     */
    boolean matches(Run read) {
        return run().version() == read.version() && run().status() == read.status();
    }

    /** Stores the next version. The lease ends if the change says so or no entry remains. */
    void update(RunChange change) {
        stored = change.after();
        if (change.releasesLease() || !isQueued()) {
            endLease();
        }
    }

    void claim(String owner, Instant until) {
        lastToken++;
        setLease(owner, until);
    }

    /** Returns the run under its renewed lease. Both entry and lease must be present. */
    ClaimedRun renewed() {
        return claimed(false);
    }

    /**
     * Returns the run under its lease. Both entry and lease must be present.
     *
     * @param hadLease whether an earlier lease had not been released
     */
    ClaimedRun claimed(boolean hadLease) {
        return ClaimedRun.of(run(), entry(), lease.orElseThrow(), hadLease);
    }

    void renew(Instant until) {
        setLease(lease.orElseThrow().owner(), until);
    }

    private void setLease(String owner, Instant until) {
        lease = Optional.of(new Lease(run().project(), run().id(), owner, lastToken, until));
        leaseExpired = false;
    }

    void endLease() {
        lease = Optional.empty();
        leaseExpired = false;
    }
}
