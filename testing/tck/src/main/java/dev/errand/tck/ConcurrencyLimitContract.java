package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.ConcurrencyLimits;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Contract tests for priorities and concurrency limits of a {@link RunQueue}. */
public abstract class ConcurrencyLimitContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();
    private static final ConcurrencyLimits TWO_EACH = ConcurrencyLimits.NONE.withPerProject(2);
    private static final int THREADS = 8;

    /** Constructor for subclasses. */
    protected ConcurrencyLimitContract() {}

    // --- order

    /**
     * {@code claim}: runs of higher priority come first; those of equal priority are ordered by due
     * time.
     */
    @Test
    public void runsOfHigherPriorityAreClaimedFirst() {
        Instant now = clock.instant();
        StoredRun plain = queued(PROJECT, now.minusSeconds(9), 0);
        StoredRun low = queued(PROJECT, now.minusSeconds(99), -100);
        StoredRun urgentLater = queued(PROJECT, now, 7);
        StoredRun urgent = queued(PROJECT, now.minusSeconds(1), 7);
        StoredRun top = queued(PROJECT, now, 100);
        queued(PROJECT, now.plusSeconds(1), 100);

        assertThat(claim(EVERY, 2)).containsExactly(top, urgent);
        assertThat(claim(ProjectScope.only(Set.of(PROJECT)), 2))
                .containsExactly(urgentLater, plain);
        assertThat(claim(EVERY, 2)).containsExactly(low);
    }

    /** {@code claim}: priority does not change the round-robin order of projects. */
    @Test
    public void priorityAppliesWithinOneProject() {
        Instant now = clock.instant();
        StoredRun first = queued(PROJECT, now.minusSeconds(1), 100);
        StoredRun second = queued(PROJECT, now.minusSeconds(1), 99);
        StoredRun foreign = queued(OTHER_PROJECT, now, -100);

        assertThat(claim(EVERY, 2)).containsExactly(first, foreign);
        assertThat(claim(EVERY, 2)).containsExactly(second);
    }

    /** {@code claim}: a change of the priority takes effect while the run is queued. */
    @Test
    public void aRaisedPriorityTakesEffect() {
        Instant now = clock.instant();
        StoredRun first = queued(PROJECT, now.minusSeconds(2), 0);
        StoredRun second = queued(PROJECT, now.minusSeconds(1), 0);
        StoredRun urgent = changePriority(second, 1);

        assertThat(claim(EVERY, 1)).containsExactly(urgent);
        assertThat(claim(EVERY, 9)).containsExactly(first);
    }

    /**
     * docs/architecture.md#w3: runs that have been started come before runs of higher priority that
     * have not.
     */
    @Test
    public void startedAndStoppingRunsPrecedeHighPriorities() {
        StoredRun abandoned = queued(PROJECT, clock.instant(), -100);
        claimAll();
        clock.advance(LEASE);
        StoredRun launched = launchedAndReleased(queued(PROJECT, clock.tick(), -100));
        StoredRun stopping = stopping(queued(PROJECT, clock.tick(), -100));
        StoredRun urgent = queued(PROJECT, clock.instant().minusSeconds(999), 100);

        assertThat(claim(EVERY, 3)).containsExactly(abandoned, launched, stopping);
        assertThat(claim(EVERY, 3)).containsExactly(urgent);
    }

    /** {@code nextDue}: does not depend on priorities. */
    @Test
    public void theNextDueTimeIgnoresPriority() {
        Instant now = clock.instant();
        queued(PROJECT, now.plusSeconds(3), 100);
        queued(PROJECT, now.plusSeconds(1), -100);
        queued(OTHER_PROJECT, now.plusSeconds(2), 0);
        assertThat(node.queue().nextDue(EVERY)).contains(now.plusSeconds(1));

        launchedAndReleased(queued(OTHER_PROJECT, now.minusSeconds(1), 0));
        assertThat(node.queue().nextDue(EVERY)).contains(now);
        assertThat(node.queue().nextDue(ProjectScope.only(Set.of(PROJECT))))
                .contains(now.plusSeconds(1));
    }

    // --- limits

    /** {@code claim}: at the limit a run waits until another one ends or is released. */
    @Test
    public void aProjectStaysWithinItsLimit() {
        List<StoredRun> busy = queued(PROJECT, 4);
        List<StoredRun> quiet = queued(OTHER_PROJECT, 1);

        List<ClaimedRun> claimed = claim(node, 9, TWO_EACH);
        assertThat(claimed)
                .extracting(ClaimedRun::stored)
                .containsExactlyInAnyOrder(busy.get(0), quiet.get(0), busy.get(1));
        assertThat(claim(otherNode, 9, TWO_EACH)).isEmpty();

        node.queue().release(leaseOf(busy.get(1), claimed));
        assertThat(runs(claim(otherNode, 9, TWO_EACH))).containsExactly(busy.get(1));
        end(busy.get(0), RunStatus.COMPLETED);
        assertThat(runs(claim(otherNode, 9, TWO_EACH))).containsExactly(busy.get(2));
        assertThat(runs(claim(node, 9, ConcurrencyLimits.NONE))).containsExactly(busy.get(3));
    }

    /** {@code withTotal}: limits the runs of all projects, including those outside the scope. */
    @Test
    public void allProjectsTogetherStayWithinTheTotalLimit() {
        List<StoredRun> busy = queued(PROJECT, 3);
        List<StoredRun> quiet = queued(OTHER_PROJECT, 2);
        ConcurrencyLimits three = ConcurrencyLimits.NONE.withTotal(3);

        assertThat(runs(claim(node, 9, three)))
                .containsExactlyInAnyOrder(busy.get(0), quiet.get(0), busy.get(1));
        ClaimRequest request = request(9).withLimits(three);
        assertThat(node.queue().claim(ProjectScope.only(Set.of(OTHER_PROJECT)), request)).isEmpty();
        assertThat(runs(claim(node, 9, ConcurrencyLimits.NONE.withTotal(4)))).hasSize(1);
    }

    /**
     * {@code withProjectOverrides}: a limit for one project overrides the limit for each project.
     */
    @Test
    public void aProjectMayHaveALimitOfItsOwn() {
        queued(PROJECT, 3);
        queued(OTHER_PROJECT, 3);
        ConcurrencyLimits limits =
                TWO_EACH.withProjectOverrides(Map.of(PROJECT, 0, ProjectId.of(99), 5));

        assertThat(runs(claim(node, 9, limits)))
                .hasSize(2)
                .allMatch(run -> run.project().equals(OTHER_PROJECT));
        assertThat(
                        claim(
                                node,
                                9,
                                limits.withProjectOverrides(Map.of(PROJECT, 3, OTHER_PROJECT, 2))))
                .hasSize(3);
    }

    /**
     * {@link ConcurrencyLimits}: a started run counts against the limit already and is claimed at
     * the limit.
     */
    @Test
    public void startedRunsAreClaimedAndCountedAtTheLimit() {
        StoredRun abandoned = queued(PROJECT, clock.instant(), 0);
        assertThat(claim(node, 1, TWO_EACH)).hasSize(1);
        StoredRun launched = launchedAndReleased(queued(PROJECT, clock.tick(), 0));
        StoredRun waiting = queued(PROJECT, clock.instant(), 100);
        assertThat(runs(claim(node, 9, TWO_EACH))).containsExactly(launched);
        clock.advance(LEASE);

        assertThat(runs(claim(otherNode, 9, TWO_EACH))).containsExactly(abandoned, launched);
        assertThat(claim(node, 9, TWO_EACH)).isEmpty();
        assertThat(runs(claim(node, 9, ConcurrencyLimits.NONE.withPerProject(3))))
                .containsExactly(waiting);
    }

    /** {@link ConcurrencyLimits}: a run that must only be stopped is claimed at the limit. */
    @Test
    public void stoppingRunsAreClaimedAtTheLimit() {
        StoredRun stopping = stopping(queued(PROJECT, clock.instant(), 0));

        assertThat(runs(claim(node, 9, ConcurrencyLimits.NONE.withTotal(0))))
                .containsExactly(stopping);
    }

    /**
     * {@link ConcurrencyLimits}: a run with an expired lease counts until another node claims it.
     */
    @Test
    public void anExpiredLeaseCountsUntilItIsTakenOver() {
        List<StoredRun> runs = queued(PROJECT, 2);
        ConcurrencyLimits one = ConcurrencyLimits.NONE.withTotal(1);
        Lease late = claim(node, 9, one).get(0).lease();
        clock.advance(LEASE);

        assertThat(runs(claim(otherNode, 9, one))).containsExactly(runs.get(0));
        clock.advance(LEASE);
        assertThat(node.queue().renew(List.of(late), LEASE).get(0)).isEmpty();
        end(runs.get(0), RunStatus.COMPLETED);
        assertThat(runs(claim(otherNode, 9, one))).containsExactly(runs.get(1));
    }

    /** {@code claim}: a project at its limit does not affect the claims of other projects. */
    @Test
    public void aProjectAtItsLimitDoesNotBlockOthers() {
        List<StoredRun> busy = queued(PROJECT, 400);
        List<StoredRun> quiet = queued(OTHER_PROJECT, 3);
        ConcurrencyLimits limits =
                ConcurrencyLimits.NONE.withProjectOverrides(Map.of(PROJECT, 1)).withTotal(3);

        assertThat(runs(claim(node, 9, limits)))
                .containsExactlyInAnyOrder(busy.get(0), quiet.get(0), quiet.get(1));
    }

    /**
     * {@code settleAndClaim}: a settled run frees capacity for the runs claimed in the same call.
     */
    @Test
    public void settlingFreesCapacityInTheSameStep() {
        List<StoredRun> runs = queued(PROJECT, 3);
        ConcurrencyLimits one = ConcurrencyLimits.NONE.withPerProject(1);
        ClaimedRun claimed = claim(node, 9, one).get(0);
        RunChange end = endOf(claimed.stored(), RunStatus.COMPLETED);

        SettleAndClaimResult turnover =
                node.queue()
                        .settleAndClaim(
                                List.of(new Settlement(end.withLease(claimed.lease()))),
                                EVERY,
                                request(9).withLimits(one));

        assertThat(runs(turnover.claimed())).containsExactly(runs.get(1));
    }

    /** Limits hold across nodes, and all runs that the limits allow are claimed. */
    @Test
    public void concurrentClaimsOfSeveralNodesStayWithinTheLimits() {
        ConcurrencyLimits limits =
                TWO_EACH.withProjectOverrides(Map.of(OTHER_PROJECT, 3)).withTotal(4);
        for (int round = 0; round < 10; round++) {
            queued(PROJECT, 5);
            queued(OTHER_PROJECT, 5);

            List<List<ClaimedRun>> claimed =
                    ConcurrentCalls.of(
                            THREADS, index -> claim(nodeOf(index), 1 + index % 3, limits));

            List<ClaimedRun> all = claimed.stream().flatMap(List::stream).toList();
            assertThat(all).hasSize(4);
            assertThat(all).filteredOn(each -> isOf(each, PROJECT)).hasSizeLessThanOrEqualTo(2);
            all.forEach(this::complete);
        }
    }

    /** Limits hold while runs end and others start, and all runs end. */
    @Test
    public void concurrentSettleAndClaimStaysWithinTheLimits() {
        int count = 60;
        queued(PROJECT, count);
        ClaimRequest request = request(2).withLimits(ConcurrencyLimits.NONE.withPerProject(3));
        AtomicInteger atWork = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();

        ConcurrentCalls.of(
                4,
                index -> {
                    List<ClaimedRun> mine = List.of();
                    while (done.get() < count) {
                        // Decrements before capacity is freed and increments after it is used.
                        atWork.addAndGet(-mine.size());
                        List<Settlement> ends = mine.stream().map(this::completion).toList();
                        mine = nodeOf(index).queue().settleAndClaim(ends, EVERY, request).claimed();
                        done.addAndGet(ends.size());
                        int now = atWork.addAndGet(mine.size());
                        most.accumulateAndGet(now, Math::max);
                    }
                    return index;
                });

        assertThat(done).hasValue(count);
        assertThat(most.get()).isBetween(1, 3);
    }

    // --- fixtures

    private StoredRun queued(ProjectId project, Instant dueAt, int priority) {
        return insert(
                project,
                aRun(insert(project, aTask()))
                        .queuedAt(dueAt)
                        .withScheduling(priority, RunTimeouts.NONE)
                        .build());
    }

    /** Inserts the given number of runs with ascending due times, the last of which is now. */
    private List<StoredRun> queued(ProjectId project, int count) {
        List<StoredRun> runs = new ArrayList<>();
        for (int i = count; i > 0; i--) {
            runs.add(queued(project, clock.instant().minusSeconds(i), 0));
        }
        return runs;
    }

    /** Returns the run after its sandbox was launched and its lease released. */
    private StoredRun launchedAndReleased(StoredRun run) {
        return launch(run);
    }

    private StoredRun stopping(StoredRun run) {
        return changeEntry(run, entry -> entry.stopping(StopReason.CANCELLED, clock.instant()));
    }

    private void complete(ClaimedRun claimed) {
        end(claimed.stored(), RunStatus.COMPLETED);
    }

    private Settlement completion(ClaimedRun claimed) {
        RunChange end = endOf(claimed.stored(), RunStatus.COMPLETED);
        return new Settlement(end.withLease(claimed.lease()));
    }

    private static boolean isOf(ClaimedRun claimed, ProjectId project) {
        return claimed.run().project().equals(project);
    }

    private static Lease leaseOf(StoredRun run, List<ClaimedRun> claimed) {
        return claimed.stream()
                .filter(each -> each.run().id().equals(run.id()))
                .findFirst()
                .orElseThrow()
                .lease();
    }

    private static List<ClaimedRun> claim(Backend by, int max, ConcurrencyLimits limits) {
        return by.queue().claim(EVERY, request(max).withLimits(limits));
    }

    private List<StoredRun> claim(ProjectScope scope, int max) {
        return runs(node.queue().claim(scope, request(max)));
    }

    private static List<StoredRun> runs(List<ClaimedRun> claimed) {
        return claimed.stream().map(ClaimedRun::stored).toList();
    }
}
