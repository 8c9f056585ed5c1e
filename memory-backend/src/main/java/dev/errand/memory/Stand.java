package dev.errand.memory;

import dev.errand.spi.dispatch.Lease;
import dev.errand.spi.run.Run;
import java.time.Instant;

/**
 * How one run stands: its latest version, and who may act on it for the executor. A lease is live
 * while it is held and the run does not wait; once the run waits again, the lease is only
 * remembered, so that an owner that was merely late can take it up.
 *
 * @param run the run
 * @param lease the latest lease, until it is released or nothing is owed; null when there is none
 * @param lastToken the token of the run's latest claim, 0 before the first
 * @param waits whether the run is in its project's queue, at its due time
 */
record Stand(Run run, Lease lease, long lastToken, boolean waits) {

    /** A run that was just inserted. */
    static Stand first(Run run) {
        return new Stand(run, null, 0, isActive(run));
    }

    /** Whether a dispatcher has something to do for the run. */
    boolean isActive() {
        return isActive(run);
    }

    private static boolean isActive(Run run) {
        return run.dispatch().phase().isActive();
    }

    /**
     * Whether the run was due at that time, in {@link Place#micros}, when it was put in the queue.
     */
    boolean isDueAt(long micros) {
        return isActive() && Place.micros(dueAt()) == micros;
    }

    /** From when on a dispatcher should act; only of a run that is owed something. */
    Instant dueAt() {
        return run.dispatch().dueAt().orElseThrow();
    }

    /** Whether the run is executed as far as limits count; also under a lease that ran out. */
    boolean countsAgainstLimit() {
        return run.dispatch().countsAgainstLimit(lease != null);
    }

    /**
     * Where the run stands among those of its project, the lowest first: what needs no place, then
     * by priority.
     */
    int rank() {
        return run.dispatch().isWaitingToStart(lease != null)
                ? -run.dispatch().priority()
                : WaitingRuns.NEEDS_NO_PLACE;
    }

    /** Whether both are in the same place of the queue; only of two that wait. */
    boolean standsAs(Stand other) {
        return dueAt().equals(other.dueAt()) && rank() == other.rank();
    }

    /** Whether somebody holds a lease that nobody has found run out. */
    boolean isLeased() {
        return lease != null && !waits;
    }

    /** Whether somebody may not claim the run now, because another's lease is live. */
    boolean isLeasedAt(Instant now) {
        return isLeased() && lease.until().isAfter(now);
    }

    /** Whether the lease is the run's latest; its token says so, its end may have moved. */
    boolean isUnder(Lease held) {
        return lease != null && lease.token() == held.token();
    }

    /** The stand after a claim. */
    Stand claimed(String owner, Instant until) {
        long token = lastToken + 1;
        Lease next = new Lease(run.project(), run.id(), owner, token, until);
        return new Stand(run, next, token, false);
    }

    /** The stand after the lease was prolonged, however late. */
    Stand renewed(Instant until) {
        Lease next = new Lease(run.project(), run.id(), lease.owner(), lease.token(), until);
        return new Stand(run, next, lastToken, false);
    }

    /** The stand after the lease was found run out. */
    Stand expired() {
        return new Stand(run, lease, lastToken, true);
    }

    /** The stand after the lease was given back. */
    Stand released() {
        return new Stand(run, null, lastToken, true);
    }

    /** The stand after the run changed; a lease ends with what was owed, or when it is to. */
    Stand advanced(Run after, boolean endsLease) {
        boolean owed = isActive(after);
        Lease kept = owed && !endsLease ? lease : null;
        return new Stand(after, kept, lastToken, owed && (waits || kept == null));
    }
}
