package dev.errand.spi.store;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Assigns each run that needs dispatcher action to one dispatcher at a time
 * (docs/invariants.md#i6).
 *
 * <p>A run can be claimed when its {@link QueueEntry#dueAt() due time} has come, according to
 * {@link Backend#clock()}, and it has no live lease. That includes new runs and runs whose owner
 * stopped renewing. A lease ends when it expires, when it is released, or when an update leaves the
 * run in a state in which no dispatcher action is needed. Implementations are thread-safe. A {@link
 * dev.errand.spi.PortException} means that the storage failed.
 */
public interface RunQueue {

    /**
     * Claims runs for an owner.
     *
     * <p><b>Result</b>: the claimed runs, each under a new live lease whose token is greater than
     * all earlier ones of the run. The runs themselves are unchanged. While a lease of a run is
     * live, no other claim returns the run. A run that {@linkplain QueueEntry#isWaitingToStart is
     * waiting to start} is claimed only while the {@linkplain ConcurrencyLimits limits} of the
     * request permit it. That also holds for concurrent claims of several nodes that use the same
     * limits.
     *
     * <p><b>Order</b>: fair between projects; no project's second run comes before another
     * project's first. Within a project, runs that do not wait to start (launched, under an expired
     * lease that was not released, or to be stopped) come first, then runs waiting to start by
     * descending {@linkplain QueueEntry#priority() priority}; ties are resolved by due time,
     * earliest first. The n-th runs of several projects are ordered by due time.
     *
     * <p><b>Several nodes</b>: the order is exact for the runs and leases that this node wrote. An
     * implementation need not read its whole queue for each claim. For about two seconds, a claim
     * may therefore miss a run that another node released, asked to stop or lost by expiry. The
     * same holds for a waiting run that was committed over a second after its due time, for example
     * by a long host transaction.
     *
     * <p><b>Retry</b> after an unknown outcome is safe. Runs claimed by a call whose result was
     * lost can be claimed again when their leases expire.
     */
    List<ClaimedRun> claim(ProjectScope scope, ClaimRequest request);

    /**
     * Renews leases, so that each ends {@code leaseFor} from now, and reads their runs. A lease
     * that has expired is renewed as well, provided that the run has not been claimed since.
     *
     * <p><b>Precondition</b>: no two leases are for the same run.
     *
     * <p><b>Result</b>: one element for each lease, in the order given. It is empty if the lease is
     * no longer the run's latest, if it was released, or if the run needs no further dispatcher
     * action; the owner must then stop acting on the run.
     *
     * <p><b>Atomicity</b>: each lease by itself. If the method throws, some leases may have been
     * renewed.
     *
     * <p><b>Retry</b> is safe.
     */
    List<Optional<ClaimedRun>> renew(List<Lease> leases, Duration leaseFor);

    /**
     * Releases a lease, so that the run can be claimed at its due time.
     *
     * <p><b>Result</b>: false if the lease was no longer the run's latest or had been released;
     * nothing changed then.
     *
     * <p><b>Retry</b> is safe.
     */
    boolean release(Lease lease);

    /**
     * Settles runs whose leases the caller holds, that is, stores the last update of each, and then
     * claims others. A request for 0 runs claims nothing.
     *
     * <p><b>Precondition</b>: no two settlements are for the same run.
     *
     * <p><b>Result</b>: one result per settlement as by {@link RunStore#update}, in the order
     * given, and the runs claimed as by {@link #claim}. A rejected settlement does not affect
     * others.
     *
     * <p><b>Atomicity</b>: all or nothing for the accepted settlements and the claims, but not
     * isolated: readers may observe some of the settlements before the others, and the settlements
     * before the claims.
     *
     * <p><b>Retry</b> after an unknown outcome is safe. A settlement that was stored then returns
     * {@code LeaseLost} or {@code Stale}.
     */
    SettleAndClaimResult settleAndClaim(
            List<Settlement> settlements, ProjectScope scope, ClaimRequest request);

    /**
     * Finds the live lease on a run. It may have ended when the method returns, so no decision may
     * depend on it.
     */
    Optional<Lease> findLease(ProjectId project, RunId run);

    /**
     * Finds the time at which the next run of the scope can be claimed: the earliest due time of a
     * run without a live lease or the earliest end of a live lease, whichever comes first. It may
     * lie in the past. Empty if no run needs dispatcher action.
     */
    Optional<Instant> nextDue(ProjectScope scope);

    /**
     * Counts the runs of the scope that can be claimed, regardless of limits. The cost grows with
     * their number, so this is meant for metrics and operators.
     *
     * <p><b>Atomicity</b>: a run that is changed during the call is counted in its state before or
     * after the change. A run that is claimed or released during the call may be left out. No
     * decision may depend on the result.
     */
    QueueDepth depth(ProjectScope scope);
}
