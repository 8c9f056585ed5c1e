package dev.errand.spi.dispatch;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunUpdateResult;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Hands runs that are owed something to exactly one dispatcher at a time (design 5, invariant I6).
 *
 * <p>A run is <em>claimable</em> when its {@link DispatchState#dueAt()} has come and no lease on it
 * is live, whether it was never launched or its owner went silent. Leases and due times are
 * compared on the backend's clock ({@link dev.errand.spi.Backend#clock()}). A lease ends when its
 * time is over, when it is released, or when a change leaves nothing owed. Every method is
 * thread-safe and atomic.
 */
public interface RunQueue {

    /**
     * Claims runs, fair between projects: no project's second run comes before another's first, as
     * far as the scope, the limits and what is due allow. Of a project's runs, those come first
     * that need no place any more, because they {@linkplain DispatchState#countsAgainstLimit have
     * one} or are to be stopped; then the others, the higher {@linkplain DispatchState#priority()
     * priority} first; equal ones in the order of their due times. Of several projects' n-th runs,
     * those come first that have been due longest.
     *
     * <p><b>Postcondition</b>: every run in the answer is under a new live lease with a token
     * greater than all before; no run is in two answers while a lease is live. The run itself is
     * unchanged. A run that needs a place is claimed only as long as the request's {@linkplain
     * ConcurrencyLimits limits} leave one, and waits otherwise; that holds for concurrent claims of
     * all nodes, as far as they name the same limits. <b>Retry</b> after an unknown outcome is
     * safe: what was claimed and lost comes back when its lease ends.
     */
    List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request);

    /**
     * Prolongs a lease from now, if it is still the run's latest one, and reads the run.
     *
     * <p>An owner that was merely late keeps its lease as long as nobody else claimed. Empty where
     * somebody did, where it was released, or where nothing is owed any more: the owner must stop
     * acting. <b>Retry</b> is safe.
     */
    Optional<ClaimedRun> renew(ProjectId project, Lease lease, Duration leaseFor);

    /**
     * Prolongs many leases as {@link #renew} does: the heartbeat of whoever looks after many runs.
     *
     * <p><b>Precondition</b>: no two are of the same run. <b>Postcondition</b>: one answer for
     * each, in the order given; one that is empty hinders no other. Where it throws, some may have
     * been prolonged and others not. <b>Retry</b> is safe.
     *
     * <p>This one asks one by one, as a backend may that has no round trips to save.
     */
    default List<Optional<ClaimedRun>> renewAll(List<Lease> leases, Duration leaseFor) {
        List<Optional<ClaimedRun>> renewed = new ArrayList<>(leases.size());
        for (Lease lease : leases) {
            renewed.add(renew(lease.project(), lease, leaseFor));
        }
        return List.copyOf(renewed);
    }

    /**
     * Gives a lease back at once; false if it was not the run's latest any more. <b>Retry</b> is
     * safe.
     */
    boolean release(ProjectId project, Lease lease);

    /**
     * Settles runs whose leases the caller holds.
     *
     * <p><b>Precondition</b>: no two are of the same run. <b>Postcondition</b>: one answer for
     * each, in the order given, as of {@link dev.errand.spi.run.RunStore#advance}; one that is
     * refused hinders no other. <b>Atomic</b>: those that are not refused stand together or not at
     * all, whatever fails. Each is decided when its turn comes: who looks meanwhile may see one
     * before the next, for no decision rests on two runs. <b>Retry</b> after an unknown outcome is
     * safe: what happened answers {@code LeaseLost} or {@code Stale}.
     */
    List<RunUpdateResult> settle(List<Settlement> settlements);

    /**
     * Settles runs as {@link #settle} does and then claims others as {@link #claim} does: what a
     * worker that has finished needs to go on. All of it stands or none, whatever fails; who looks
     * meanwhile may see the ends before the claims.
     */
    SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request);

    /**
     * The live lease on a run: who acts for the executor on it, and until when nobody else may.
     * Empty where nobody does, or nobody knows the run. It may be over when it is read: no decision
     * is to rest on it.
     */
    Optional<Lease> findLease(ProjectId project, RunId run);

    /**
     * When the next run of the scope is to be claimed: the earliest due time of a run without a
     * live lease, or the end of a live lease, whichever comes first. May lie in the past; empty if
     * nothing is owed.
     */
    Optional<Instant> nextDue(ProjectScope scope);

    /**
     * How many runs of the scope are claimable, whatever the limits, and since when: for meters and
     * for people, at a cost that grows with their number.
     *
     * <p><b>Postcondition</b>: a run that nobody changes meanwhile counts exactly as it stands at
     * the time of the call; one that somebody changes counts as before or as after, or, while it
     * changes hands, not at all. No decision is to rest on it. <b>Retry</b> is safe.
     */
    QueueDepth depth(ProjectScope scope);
}
