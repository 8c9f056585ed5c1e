package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for {@link RunStore#update} with a lease, which must be the latest
 * (docs/invariants.md#i6, docs/architecture.md#w4), or with an idempotency key, which must be new
 * (docs/wire/idempotency-and-limits.md#j29, docs/architecture.md#w5).
 */
public abstract class LeasedUpdateContract extends StorageContract {

    private static final int THREADS = 16;

    /** Constructor for subclasses. */
    protected LeasedUpdateContract() {}

    /** docs/invariants.md#i6: the owner of the latest lease may update the run. */
    @Test
    public void anUpdateUnderTheLatestLeaseIsStored() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun claimed = claimOne();
        RunChange change = changeOf(run, edit -> edit.status(RunStatus.IN_PROGRESS));

        assertThat(otherNode.runs().update(PROJECT, change.withLease(claimed.lease())))
                .isEqualTo(new RunUpdateResult.Updated(change.after()));
        assertThat(otherNode.queue().renew(List.of(claimed.lease()), LEASE).get(0))
                .map(ClaimedRun::stored)
                .contains(change.after());
    }

    /**
     * docs/invariants.md#i6, docs/architecture.md#w4: an update under a stale token is rejected.
     */
    @Test
    public void anUpdateUnderASupersededLeaseIsRejected() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun superseded = claimOne();
        clock.advance(LEASE);
        ClaimedRun latest = claimOne();
        RunChange change = endOf(run, RunStatus.COMPLETED);

        assertThat(node.runs().update(PROJECT, change.withLease(superseded.lease())))
                .isEqualTo(new RunUpdateResult.LeaseLost());
        assertThat(find(run)).isEqualTo(run);
        assertThat(node.runs().update(PROJECT, change.withLease(latest.lease())))
                .isInstanceOf(RunUpdateResult.Updated.class);
    }

    /** {@code update}: the lease is checked before the version. */
    @Test
    public void aStaleUpdateUnderASupersededLeaseReportsTheLease() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun superseded = claimOne();
        clock.advance(LEASE);
        ClaimedRun latest = claimOne();
        change(run, edit -> edit.stage(Optional.of("moved on")));
        RunChange change = changeOf(run, edit -> edit.stage(Optional.of("late")));

        assertThat(node.runs().update(PROJECT, change.withLease(superseded.lease())))
                .isEqualTo(new RunUpdateResult.LeaseLost());
        assertThat(node.runs().update(PROJECT, change.withLease(latest.lease())))
                .isInstanceOf(RunUpdateResult.Stale.class);
    }

    /** {@code update}: an expired lease is accepted until the run is claimed again. */
    @Test
    public void anUpdateUnderAnExpiredUnclaimedLeaseIsStored() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun claimed = claimOne();
        clock.advance(LEASE.multipliedBy(3));
        assertThat(node.queue().nextDue(ProjectScope.everyProject())).isPresent();

        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        endOf(run, RunStatus.COMPLETED).withLease(claimed.lease())))
                .isInstanceOf(RunUpdateResult.Updated.class);
        assertThat(claimAll()).isEmpty();
    }

    /** docs/invariants.md#i6: a released lease is not accepted. */
    @Test
    public void anUpdateUnderAReleasedLeaseIsRejected() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun claimed = claimOne();
        node.queue().release(claimed.lease());

        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        changeOf(run, edit -> edit).withLease(claimed.lease())))
                .isEqualTo(new RunUpdateResult.LeaseLost());
    }

    /** docs/invariants.md#i6: a lease belongs to one run. */
    @Test
    public void anUpdateUnderTheLeaseOfAnotherRunIsRejected() {
        Task task = insert(aTask());
        insert(aRun(task).queuedAt(clock.instant()));
        StoredRun unclaimed = insert(aRun(task).queuedAt(clock.tick()));
        ClaimedRun other = claimOne();

        assertThat(other.run().id()).isNotEqualTo(unclaimed.id());
        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        changeOf(unclaimed, edit -> edit).withLease(other.lease())))
                .isEqualTo(new RunUpdateResult.LeaseLost());
    }

    /** {@code update}: a change that removes the queue entry ends the lease. */
    @Test
    public void aLeaseEndsWithTheQueueEntry() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun claimed = claimOne();
        StoredRun ended = end(run, RunStatus.COMPLETED);

        assertThat(node.queue().renew(List.of(claimed.lease()), LEASE).get(0)).isEmpty();
        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        changeOf(ended, edit -> edit).withLease(claimed.lease())))
                .isEqualTo(new RunUpdateResult.LeaseLost());
        clock.advance(LEASE);
        assertThat(claimAll()).isEmpty();
        assertThat(node.queue().nextDue(ProjectScope.everyProject())).isEmpty();
    }

    /**
     * {@code update}: a change can release the lease, so that the run is claimable when it is due.
     */
    @Test
    public void anUpdateCanReleaseTheLease() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun claimed = claimOne();
        RunChange change = failedLaunchOf(run, clock.instant().plus(LEASE));
        node.runs().update(PROJECT, change.withLease(claimed.lease()).releasingLease());

        assertThat(node.queue().renew(List.of(claimed.lease()), LEASE).get(0)).isEmpty();
        assertThat(claimAll()).isEmpty();
        clock.advance(LEASE);
        assertThat(claimAll()).extracting(ClaimedRun::stored).containsExactly(change.after());
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29, docs/wire/starting-runs.md#i3: returns the first
     * answer, even if the run has changed since.
     */
    @Test
    public void aRepeatedUpdateReturnsTheFirstAnswer() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        RunChange change = changeOf(run, edit -> edit.stage(Optional.of("one")));
        assertThat(node.runs().update(PROJECT, change.withKey(key("k", "h"))))
                .isEqualTo(new RunUpdateResult.Updated(change.after()));
        StoredRun current = change(change.after(), edit -> edit.stage(Optional.of("two")));

        TaskWithLatestRun first = new TaskWithLatestRun(task, Optional.of(change.after().run()));
        assertThat(otherNode.runs().update(PROJECT, change.withKey(key("k", "h"))))
                .isEqualTo(new RunUpdateResult.Replayed(first));
        assertThat(node.runs().findStoredResult(PROJECT, key("k", "h").orElseThrow()))
                .contains(new StoredResult.Replayed(first));
        assertThat(find(run)).isEqualTo(current);
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: the same key with a different body is a conflict;
     * the key is checked first.
     */
    @Test
    public void anUpdateUnderTheKeyOfAnotherRequestIsAConflict() {
        StoredRun run = insert(aRun(insert(aTask())));
        RunChange change = changeOf(run, edit -> edit.stage(Optional.of("one")));
        node.runs().update(PROJECT, change.withKey(key("k", "h")));
        StoredRun unknown = aRun(insert(aTask())).build().stored();

        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        changeOf(change.after(), edit -> edit)
                                                .withKey(key("k", "other"))))
                .isEqualTo(new RunUpdateResult.KeyConflict());
        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        changeOf(unknown, edit -> edit).withKey(key("k", "other"))))
                .isEqualTo(new RunUpdateResult.KeyConflict());
    }

    /** docs/wire/idempotency-and-limits.md#j29: a rejected update does not store its key. */
    @Test
    public void aStaleUpdateDoesNotUseItsKey() {
        StoredRun run = insert(aRun(insert(aTask())));
        StoredRun current = change(run, edit -> edit.stage(Optional.of("one")));
        RunChange stale = changeOf(run, edit -> edit.stage(Optional.of("two")));

        assertThat(node.runs().update(PROJECT, stale.withKey(key("k", "h"))))
                .isEqualTo(new RunUpdateResult.Stale(current));
        assertThat(
                        node.runs()
                                .update(
                                        PROJECT,
                                        changeOf(current, edit -> edit.stage(Optional.of("two")))
                                                .withKey(key("k", "h"))))
                .isInstanceOf(RunUpdateResult.Updated.class);
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29, docs/architecture.md#w5: one call updates the run,
     * and all others return its result.
     */
    @Test
    public void concurrentUpdatesUnderOneKeyHaveOneEffect() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        RunChange change = changeOf(run, edit -> edit.stage(Optional.of("one")));

        List<RunUpdateResult> answers =
                ConcurrentCalls.of(
                        THREADS,
                        index ->
                                nodeOf(index)
                                        .runs()
                                        .update(PROJECT, change.withKey(key("k", "h"))));

        TaskWithLatestRun first = new TaskWithLatestRun(task, Optional.of(change.after().run()));
        assertThat(answers)
                .filteredOn(new RunUpdateResult.Updated(change.after())::equals)
                .hasSize(1);
        assertThat(answers)
                .filteredOn(new RunUpdateResult.Replayed(first)::equals)
                .hasSize(THREADS - 1);
    }
}
