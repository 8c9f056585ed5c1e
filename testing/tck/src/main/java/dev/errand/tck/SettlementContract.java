package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aFullTask;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.JsonText;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.Lease;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.SettleAndClaimResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for batch operations of {@link dev.errand.spi.store.TaskStore} and {@link
 * dev.errand.spi.store.RunQueue} (docs/invariants.md#i1, #i3, #i6, #i7).
 */
public abstract class SettlementContract extends StorageContract {

    private static final ProjectScope EVERY = ProjectScope.everyProject();

    /** Constructor for subclasses. */
    protected SettlementContract() {}

    /** {@code insert}: results are in the given order and equal those of single inserts. */
    @Test
    public void tasksAreInsertedUnderConsecutiveNumbersWithTheirRuns() {
        Task before = insert(aTask());
        TaskInsertion queued = queued(aFullTask());
        TaskInsertion recorded = recorded(aTask());
        TaskInsertion without = new TaskInsertion(aTask().build(), Optional.empty());

        List<TaskWithLatestRun> inserted =
                TestTasks.insertTasks(node.tasks(), PROJECT, List.of(queued, recorded, without));

        assertThat(inserted)
                .extracting(each -> each.task().number())
                .containsExactly(before.number() + 1, before.number() + 2, before.number() + 3);
        assertThat(inserted.get(0).latestRun()).isEqualTo(queued.run().map(StoredRun::run));
        assertThat(inserted.get(2).latestRun()).isEmpty();
        for (TaskWithLatestRun each : inserted) {
            assertThat(otherNode.tasks().find(PROJECT, each.task().id())).contains(each);
        }
        assertThat(claimAll()).extracting(ClaimedRun::stored).containsExactly(queued.run().get());
        assertThat(insert(aTask()).number()).isEqualTo(before.number() + 4);
    }

    /** {@code insert}: either all tasks are inserted or none. */
    @Test
    public void aDuplicateIdPreventsInsertingAll() {
        Task known = insert(aTask());
        TaskInsertion fresh = queued(aTask());
        TaskInsertion again =
                new TaskInsertion(aTask().withId(known.id()).build(), Optional.empty());

        assertThatThrownBy(
                        () -> TestTasks.insertTasks(node.tasks(), PROJECT, List.of(fresh, again)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(
                        () -> TestTasks.insertTasks(node.tasks(), PROJECT, List.of(fresh, fresh)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(node.tasks().find(PROJECT, fresh.task().id())).isEmpty();
        assertThat(claimAll()).isEmpty();
        assertThat(count()).isEqualTo(1);
    }

    /** docs/invariants.md#i5: a run must belong to the project of its task. */
    @Test
    public void aRunOfAnotherProjectIsRejected() {
        TaskInsertion work = queued(aTask());

        assertThatThrownBy(() -> TestTasks.insertTasks(node.tasks(), OTHER_PROJECT, List.of(work)))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(node.tasks().find(OTHER_PROJECT, work.task().id())).isEmpty();
        assertThat(claimAll()).isEmpty();
    }

    /**
     * {@code settle}: returns one result for each settlement, in order; a rejected one does not
     * affect others.
     */
    @Test
    public void eachSettlementHasItsOwnResult() {
        insertQueued(4);
        List<ClaimedRun> claimed = claimAll();
        ClaimedRun first = claimed.get(0);
        ClaimedRun changed = claimed.get(1);
        ClaimedRun lost = claimed.get(2);
        ClaimedRun last = claimed.get(3);
        StoredRun newer = change(changed.stored(), edit -> edit.stage(Optional.of("build")));
        assertThat(node.queue().release(lost.lease())).isTrue();

        List<RunUpdateResult> answers =
                TestRuns.settle(
                        node.queue(),
                        List.of(
                                completion(first),
                                completion(changed),
                                completion(lost),
                                completion(last)));

        assertThat(answers)
                .containsExactly(
                        new RunUpdateResult.Updated(completion(first).change().after()),
                        new RunUpdateResult.Stale(newer),
                        new RunUpdateResult.LeaseLost(),
                        new RunUpdateResult.Updated(completion(last).change().after()));
        assertThat(find(first.stored())).isEqualTo(completion(first).change().after());
        assertThat(find(changed.stored())).isEqualTo(newer);
        assertThat(latest(last.stored()).status()).isEqualTo(RunStatus.COMPLETED);
        clock.advance(LEASE);
        assertThat(claimAll())
                .extracting(one -> one.run().id())
                .containsExactlyInAnyOrder(changed.run().id(), lost.run().id());
    }

    /**
     * {@code settle}: applies two changes in one step; the intermediate version is never visible.
     */
    @Test
    public void aSettlementMayPassThroughAnIntermediateVersion() {
        insertQueued(2);
        List<ClaimedRun> claimed = claimAll();
        for (ClaimedRun each : claimed) {
            StoredRun before = each.stored();
            Run running =
                    before.run()
                            .change(before.run().updatedAt())
                            .status(RunStatus.IN_PROGRESS)
                            .build();
            StoredRun between = before.withRun(running);
            StoredRun after =
                    StoredRun.withoutEntry(
                            running.change(running.updatedAt())
                                    .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                    .build());
            RunChange change =
                    RunChange.viaIntermediate(before, between, after).withLease(each.lease());
            Lease lost = new Lease(PROJECT, before.id(), "node-2", 9, clock.instant());

            assertThat(
                            TestRuns.settle(
                                    node.queue(), List.of(new Settlement(change.withLease(lost)))))
                    .containsExactly(new RunUpdateResult.LeaseLost());
            assertThat(TestRuns.settle(node.queue(), List.of(new Settlement(change))))
                    .containsExactly(new RunUpdateResult.Updated(after));
            assertThat(find(before)).isEqualTo(after);
            assertThat(after.run().version()).isEqualTo(before.run().version() + 2);
            assertThat(latest(before).status()).isEqualTo(RunStatus.COMPLETED);
        }
    }

    /** {@code settle}: a retry is rejected, since the first call has ended the lease. */
    @Test
    public void settlingAgainHasNoEffect() {
        insertQueued(1);
        ClaimedRun claimed = claimOne();
        TestRuns.settle(node.queue(), List.of(completion(claimed)));
        StoredRun settled = find(claimed.stored());

        assertThat(TestRuns.settle(otherNode.queue(), List.of(completion(claimed))))
                .containsExactly(new RunUpdateResult.LeaseLost());
        assertThat(find(claimed.stored())).isEqualTo(settled);
    }

    /** docs/invariants.md#i6: a write under a stale token is rejected. */
    @Test
    public void aSupersededOwnerSettlesNothing() {
        insertQueued(1);
        ClaimedRun late = claimOne();
        clock.advance(LEASE);
        ClaimedRun next = otherNode.queue().claim(EVERY, request(1)).get(0);

        assertThat(TestRuns.settle(node.queue(), List.of(completion(late))))
                .containsExactly(new RunUpdateResult.LeaseLost());
        assertThat(TestRuns.settle(otherNode.queue(), List.of(completion(next))))
                .hasOnlyElementsOfType(RunUpdateResult.Updated.class);
    }

    /** {@code settle}: returns {@code NotFound} for an unknown run. */
    @Test
    public void anUnknownRunCannotBeSettled() {
        StoredRun never = aRun(insert(aTask())).queuedAt(clock.instant()).build().stored();
        Lease lease = new Lease(PROJECT, never.id(), "node-1", 1, clock.instant().plus(LEASE));

        ClaimedRun claimed = new ClaimedRun(never.run(), never.entry().orElseThrow(), lease);
        assertThat(TestRuns.settle(node.queue(), List.of(completion(claimed))))
                .containsExactly(new RunUpdateResult.NotFound());
        assertThat(TestRuns.settle(node.queue(), List.of())).isEmpty();
    }

    /** {@code settleAndClaim}: settles and claims in one step. */
    @Test
    public void settleAndClaimReturnsTheNextRuns() {
        insertQueued(5);
        List<ClaimedRun> claimed = new ArrayList<>(node.queue().claim(EVERY, request(2)));

        SettleAndClaimResult result =
                node.queue()
                        .settleAndClaim(
                                claimed.stream().map(this::completion).toList(), EVERY, request(2));

        assertThat(result.settled())
                .hasSize(2)
                .hasOnlyElementsOfType(RunUpdateResult.Updated.class);
        assertThat(result.claimed()).hasSize(2);
        claimed.addAll(result.claimed());
        assertThat(claimed).extracting(one -> one.run().id()).doesNotHaveDuplicates();
        SettleAndClaimResult last =
                node.queue()
                        .settleAndClaim(
                                result.claimed().stream().map(this::completion).toList(),
                                EVERY,
                                request(10));
        assertThat(last.claimed()).hasSize(1);
        assertThat(node.queue().settleAndClaim(List.of(), EVERY, request(10)).claimed()).isEmpty();
    }

    /** docs/invariants.md#i5: {@code settleAndClaim} claims only runs of projects in the scope. */
    @Test
    public void settleAndClaimIsLimitedToTheScope() {
        insertQueued(2);
        ProjectScope other = ProjectScope.only(Set.of(OTHER_PROJECT));
        ProjectScope own = ProjectScope.only(Set.of(PROJECT));

        assertThat(node.queue().settleAndClaim(List.of(), other, request(5)).claimed()).isEmpty();
        assertThat(node.queue().settleAndClaim(List.of(), own, request(5)).claimed()).hasSize(2);
    }

    /** {@code settleAndClaim}: does not claim the runs that it settles. */
    @Test
    public void aSettledRunIsNotClaimedInTheSameStep() {
        insertQueued(1);
        ClaimedRun late = claimOne();
        clock.advance(LEASE.multipliedBy(2));

        SettleAndClaimResult result =
                node.queue().settleAndClaim(List.of(completion(late)), EVERY, request(10));

        assertThat(result.settled()).hasOnlyElementsOfType(RunUpdateResult.Updated.class);
        assertThat(result.claimed()).isEmpty();
        assertThat(latest(late.stored()).status()).isEqualTo(RunStatus.COMPLETED);
    }

    /** docs/invariants.md#i1, #i6: each run is settled once by concurrent workers. */
    @Test
    public void concurrentWorkersSettleEachRunOnce() {
        int count = 60;
        insertQueued(count);
        List<StoredRun> settled = new ArrayList<>();

        ConcurrentCalls.of(
                4,
                index -> {
                    List<ClaimedRun> mine = nodeOf(index).queue().claim(EVERY, request(3));
                    while (!mine.isEmpty()) {
                        SettleAndClaimResult result =
                                nodeOf(index)
                                        .queue()
                                        .settleAndClaim(
                                                mine.stream().map(this::completion).toList(),
                                                EVERY,
                                                request(3));
                        synchronized (settled) {
                            result.settled().stream()
                                    .map(answer -> ((RunUpdateResult.Updated) answer).run())
                                    .forEach(settled::add);
                        }
                        mine = result.claimed();
                    }
                    return index;
                });

        assertThat(settled).extracting(StoredRun::id).hasSize(count).doesNotHaveDuplicates();
        assertThat(claimAll()).isEmpty();
    }

    /** docs/invariants.md#i10: settlements store every member of a run, alone and together. */
    @Test
    public void everyMemberOfARunIsSettled() {
        for (int count : new int[] {1, 3}) {
            insertQueued(count);
            List<Settlement> settlements =
                    claimAll().stream().map(claimed -> fullCompletion(claimed)).toList();

            assertThat(node.queue().settleAndClaim(settlements, EVERY, request(1)).settled())
                    .hasSize(count)
                    .allMatch(RunUpdateResult.Updated.class::isInstance);

            for (Settlement each : settlements) {
                assertThat(find(each.change().after())).isEqualTo(each.change().after());
            }
        }
    }

    /** Returns a settlement with every member that a run can have, with odd values. */
    private Settlement fullCompletion(ClaimedRun claimed) {
        Settlement settlement = completion(claimed);
        Run end = settlement.change().after().run();
        Task task = node.tasks().find(PROJECT, end.task()).orElseThrow().task();
        List<Artifact> artifacts = List.of(stage(task).artifact(), stage(task).artifact());
        Run full =
                claimed.run()
                        .change(end.updatedAt())
                        .endedWith(RunStatus.FAILED, EndReason.REPORTED)
                        .stage(Optional.of("{\"a\", b\\}"))
                        .branch(Optional.of(""))
                        .errorMessage(Optional.of("null, \"NULL\" \\ \n \t '' – 日本語 😀"))
                        .output(Optional.of(JsonText.of("{\"b\":1.0,\"a\":[null,\"\\u0000\"]}")))
                        .state(JsonText.of("{\"key\":\"\\\\ \\\" {}\"}"))
                        .artifacts(artifacts)
                        .build();
        return new Settlement(
                RunChange.of(claimed.stored(), StoredRun.withoutEntry(full))
                        .withLease(claimed.lease()));
    }

    private Settlement completion(ClaimedRun claimed) {
        StoredRun run = claimed.stored();
        StoredRun after =
                StoredRun.withoutEntry(
                        run.run()
                                .change(run.run().updatedAt())
                                .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                .build());
        return new Settlement(RunChange.of(run, after).withLease(claimed.lease()));
    }

    private void insertQueued(int count) {
        List<TaskInsertion> work = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            work.add(queued(aTask()));
        }
        assertThat(TestTasks.insertTasks(node.tasks(), PROJECT, work)).hasSize(count);
    }

    private TaskInsertion queued(TestTasks task) {
        NewTask built = task.build();
        StoredRun run = aRun(built.numbered(PROJECT, 0)).queuedAt(clock.instant()).build().stored();
        return new TaskInsertion(built, Optional.of(run));
    }

    private static TaskInsertion recorded(TestTasks task) {
        NewTask built = task.build();
        StoredRun run = aRun(built.numbered(PROJECT, 0)).build().stored();
        return new TaskInsertion(built, Optional.of(run));
    }

    private Run latest(StoredRun run) {
        return node.tasks().find(PROJECT, run.task()).orElseThrow().latestRun().orElseThrow();
    }

    private long count() {
        return node.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.of(10, 0)).total();
    }
}
