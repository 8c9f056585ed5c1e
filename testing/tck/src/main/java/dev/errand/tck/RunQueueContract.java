package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link RunQueue}: which runs are claimed, in which order,
 * and when (docs/invariants.md#i6, #i11). Leases are tested by {@link LeaseContract}.
 */
public abstract class RunQueueContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();
    private static final Duration MICROSECOND = Duration.ofNanos(1_000);
    private static final int CLAIMING_THREADS = 8;
    private static final int WAITING_RUNS = 120;

    /** Constructor for subclasses. */
    protected RunQueueContract() {}

    /**
     * docs/invariants.md#i11, docs/architecture.md#w2: a queued run is claimable from its due time.
     */
    @Test
    public void aRunIsClaimableFromItsDueTime() {
        StoredRun run = queued(clock.instant().plus(LEASE));
        assertThat(claimAll()).isEmpty();
        clock.advance(LEASE.minus(MICROSECOND));
        assertThat(claimAll()).isEmpty();
        clock.tick();

        assertThat(claimAll()).extracting(ClaimedRun::stored).containsExactly(run);
    }

    /** {@code claim}: the run itself is unchanged. */
    @Test
    public void aClaimDoesNotChangeTheRun() {
        StoredRun run = queued(clock.instant());

        assertThat(claimOne().stored()).isEqualTo(run);
        assertThat(find(run)).isEqualTo(run);
    }

    /** docs/wire/runs.md#g1: a run that is {@code not_started} has no queue entry. */
    @Test
    public void aRunWithoutAQueueEntryIsNotClaimed() {
        insert(aRun(insert(aTask())));
        clock.advance(Duration.ofDays(1));

        assertThat(claimAll()).isEmpty();
        assertThat(node.queue().nextDue(EVERY)).isEmpty();
    }

    /**
     * {@code claim}: returns the runs that have been due longest, in order of due time, and at most
     * the requested number.
     */
    @Test
    public void runsAreClaimedInOrderOfDueTime() {
        Instant now = clock.instant();
        StoredRun third = queued(now.minusSeconds(1));
        StoredRun first = queued(now.minusSeconds(3));
        StoredRun second = queued(now.minusSeconds(2));
        queued(now.plusSeconds(1));

        assertThat(claim(EVERY, 2)).containsExactly(first, second);
        assertThat(claim(EVERY, 2)).containsExactly(third);
    }

    /** {@code claim}: a run whose lease has expired is ordered by the end of the lease. */
    @Test
    public void anExpiredLeaseIsOrderedByItsEnd() {
        StoredRun abandoned = queued(clock.instant());
        claimOne();
        StoredRun later = queued(clock.tick());
        clock.advance(LEASE);

        assertThat(claim(EVERY, 1)).containsExactly(abandoned);
        assertThat(claim(EVERY, 1)).containsExactly(later);
    }

    /**
     * {@code claim}: returns the first run of each project before the second run of any project.
     */
    @Test
    public void projectsAreServedRoundRobin() {
        ProjectId third = ProjectId.of(9);
        List<StoredRun> busy = queued(PROJECT, 5);
        List<StoredRun> quiet = queued(OTHER_PROJECT, 1);
        List<StoredRun> middling = queued(third, 2);

        assertThat(claim(EVERY, 6))
                .containsExactlyInAnyOrder(
                        busy.get(0),
                        quiet.get(0),
                        middling.get(0),
                        busy.get(1),
                        middling.get(1),
                        busy.get(2));
        assertThat(claim(EVERY, 6)).containsExactly(busy.get(3), busy.get(4));
    }

    /**
     * {@code claim}: of the first runs of all projects, returns those that have been due longest.
     */
    @Test
    public void theProjectThatWaitedLongestIsServedFirst() {
        StoredRun late = queued(insert(OTHER_PROJECT, aTask()), clock.instant());
        StoredRun early = queued(clock.instant().minusSeconds(1));

        assertThat(claim(EVERY, 1)).containsExactly(early);
        assertThat(claim(EVERY, 1)).containsExactly(late);
    }

    /** docs/invariants.md#i5: runs of projects outside the scope are not claimed. */
    @Test
    public void onlyTheProjectsOfTheScopeAreClaimedFrom() {
        List<StoredRun> own = queued(PROJECT, 2);
        List<StoredRun> foreign = queued(OTHER_PROJECT, 2);
        ProjectScope scope = ProjectScope.only(Set.of(OTHER_PROJECT, ProjectId.of(99)));

        assertThat(claim(scope, 10)).containsExactlyElementsOf(foreign);
        assertThat(claim(ProjectScope.only(Set.of()), 10)).isEmpty();
        assertThat(claim(EVERY, 10)).containsExactlyElementsOf(own);
    }

    /** docs/invariants.md#i6: while a lease is live, no other claim returns the run. */
    @Test
    public void concurrentClaimsReturnEachRunOnce() {
        for (int i = 0; i < WAITING_RUNS; i++) {
            queued(
                    insert(i % 3 == 0 ? OTHER_PROJECT : PROJECT, aTask()),
                    clock.instant().minusSeconds(i % 5));
        }

        List<List<ClaimedRun>> claimed =
                ConcurrentCalls.of(
                        CLAIMING_THREADS,
                        index -> {
                            List<ClaimedRun> own = new ArrayList<>();
                            List<ClaimedRun> batch;
                            do {
                                batch = nodeOf(index).queue().claim(EVERY, request(1 + index % 4));
                                own.addAll(batch);
                            } while (!batch.isEmpty());
                            return own;
                        });

        assertThat(claimed.stream().flatMap(List::stream).map(each -> each.run().id()))
                .hasSize(WAITING_RUNS)
                .doesNotHaveDuplicates();
    }

    /** A postponed run is due at its new time, whether or not it is leased. */
    @Test
    public void aPostponedRunIsClaimedLater() {
        StoredRun run = queued(clock.instant());
        Instant later = clock.instant().plus(LEASE.multipliedBy(4));
        StoredRun putOff = failLaunch(run, later);

        assertThat(claimAll()).isEmpty();
        assertThat(node.queue().nextDue(EVERY)).contains(later);
        clock.set(later);
        assertThat(claim(EVERY, 9)).containsExactly(putOff);
    }

    /** A requested stop does not wait for the time of the next attempt. */
    @Test
    public void anAdvancedRunIsClaimedEarlier() {
        StoredRun run = queued(clock.instant().plus(LEASE.multipliedBy(4)));
        StoredRun stopping =
                changeEntry(run, entry -> entry.stopping(StopReason.CANCELLED, clock.instant()));

        assertThat(node.queue().nextDue(EVERY)).contains(clock.instant());
        assertThat(claim(EVERY, 9)).containsExactly(stopping);
        clock.advance(LEASE.multipliedBy(4));
        assertThat(claim(EVERY, 9)).containsExactly(stopping);
        assertThat(claimAll()).isEmpty();
    }

    /**
     * docs/architecture.md#w3: a run remains claimable after its due time was changed repeatedly.
     */
    @Test
    public void aRescheduledRunIsClaimedOnce() {
        Instant now = clock.instant();
        StoredRun run = queued(now);
        for (int seconds : new int[] {5, 2, 5, 0, 9, 3}) {
            run = dueAt(run, now.plusSeconds(seconds));
        }
        clock.set(now.plusSeconds(2));
        assertThat(claimAll()).isEmpty();
        clock.set(now.plusSeconds(3));

        assertThat(claim(EVERY, 9)).containsExactly(run);
        assertThat(claimAll()).isEmpty();
    }

    /** docs/wire/guarantees.md#j17: the runs of a deleted task must be claimable to be stopped. */
    @Test
    public void aRunOfADeletedTaskIsStillClaimed() {
        Task task = insert(aTask());
        StoredRun run = queued(task, clock.instant());
        delete(task);

        assertThat(claim(EVERY, 9)).containsExactly(run);
    }

    /**
     * docs/invariants.md#i11: a run that has ended is not claimed, whether or not it was leased.
     */
    @Test
    public void aCompletedEntryIsNotClaimed() {
        StoredRun run = queued(clock.instant());
        end(run, RunStatus.CANCELLED);

        assertThat(claimAll()).isEmpty();
        assertThat(node.queue().nextDue(EVERY)).isEmpty();
    }

    /** {@code nextDue}: returns the earliest due time or lease expiry, which may be in the past. */
    @Test
    public void theNextDueTimeIsAnUnleasedRunOrALeaseExpiry() {
        Instant now = clock.instant();
        assertThat(node.queue().nextDue(EVERY)).isEmpty();
        queued(now.plusSeconds(50));
        assertThat(otherNode.queue().nextDue(EVERY)).contains(now.plusSeconds(50));
        queued(now.minusSeconds(5));
        assertThat(node.queue().nextDue(EVERY)).contains(now.minusSeconds(5));
        Lease lease = claimOne().lease();
        assertThat(otherNode.queue().nextDue(EVERY)).contains(lease.until());
        clock.advance(LEASE);
        assertThat(node.queue().nextDue(EVERY)).contains(now.minusSeconds(5));
        node.queue().renew(List.of(lease), Duration.ofHours(1)).get(0);
        assertThat(node.queue().nextDue(EVERY)).contains(now.plusSeconds(50));
        node.queue().release(lease);
        assertThat(otherNode.queue().nextDue(EVERY)).contains(now.minusSeconds(5));
    }

    /** {@code nextDue}, docs/invariants.md#i5: ignores runs outside the scope. */
    @Test
    public void theNextDueTimeIsThatOfTheScope() {
        Instant now = clock.instant();
        queued(now.plusSeconds(5));
        queued(insert(OTHER_PROJECT, aTask()), now);
        claimOne();

        assertThat(node.queue().nextDue(ProjectScope.only(Set.of(PROJECT))))
                .contains(now.plusSeconds(5));
        assertThat(node.queue().nextDue(ProjectScope.only(Set.of(OTHER_PROJECT))))
                .contains(now.plus(LEASE));
        assertThat(node.queue().nextDue(ProjectScope.only(Set.of(ProjectId.of(99))))).isEmpty();
    }

    private StoredRun queued(Instant dueAt) {
        return queued(insert(aTask()), dueAt);
    }

    private StoredRun queued(Task task, Instant dueAt) {
        return insert(task.project(), aRun(task).queuedAt(dueAt).build());
    }

    /** Inserts the given number of runs with ascending due times, the last of which is now. */
    private List<StoredRun> queued(ProjectId project, int count) {
        List<StoredRun> runs = new ArrayList<>();
        for (int i = count; i > 0; i--) {
            runs.add(queued(insert(project, aTask()), clock.instant().minusSeconds(i)));
        }
        return runs;
    }

    private StoredRun dueAt(StoredRun run, Instant time) {
        return changeEntry(
                run,
                entry ->
                        new QueueEntry(
                                entry.phase(),
                                entry.failures(),
                                entry.queuedAt(),
                                time,
                                entry.handle(),
                                entry.lastFailure(),
                                entry.stopReason(),
                                entry.priority(),
                                entry.timeouts()));
    }

    private List<StoredRun> claim(ProjectScope scope, int max) {
        return node.queue().claim(scope, request(max)).stream().map(ClaimedRun::stored).toList();
    }
}
