package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for {@link RunStore#update}. Leases and keys are tested by {@link
 * LeasedUpdateContract}.
 */
public abstract class RunUpdateContract extends StorageContract {

    private static final int THREADS = 16;
    private static final int CHANGES_PER_THREAD = 15;

    /** Constructor for subclasses. */
    protected RunUpdateContract() {}

    /** docs/invariants.md#i10: an update stores every member that can change. */
    @Test
    public void anUpdateOfTheCurrentVersionIsStoredCompletely() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task).queuedAt(clock.instant()));
        Artifact artifact = anArtifact(task);
        clock.tick();

        Instant now = clock.instant();
        Run after =
                run.run()
                        .change(now)
                        .endedWith(RunStatus.FAILED, EndReason.SANDBOX_LOST)
                        .environment(RunEnvironment.LOCAL)
                        .stage(Optional.of("build"))
                        .branch(Optional.of("fix/cart"))
                        .errorMessage(Optional.of(""))
                        .output(Optional.of(JsonText.of("[1,{\"a\":null}]")))
                        .state(JsonText.of("{\"n\":1.10}"))
                        .artifacts(List.of(artifact))
                        .nextAttempt()
                        .build();
        RunChange change =
                RunChange.of(
                        run,
                        run.withRun(
                                after,
                                entry ->
                                        entry.launchFailed("no room", now)
                                                .launched("sandbox-1", now)
                                                .stopping(StopReason.TIME_LIMIT, now)));

        assertThat(node.runs().update(PROJECT, change))
                .isEqualTo(new RunUpdateResult.Updated(change.after()));
        assertThat(otherNode.runs().find(PROJECT, task.id(), run.id())).contains(change.after());
    }

    private Artifact anArtifact(Task task) {
        Instant now = clock.instant();
        return TestArtifacts.finalised(TestArtifacts.aReservation(task, now), now).artifact();
    }

    /**
     * docs/invariants.md#i4; {@code update}: a stale update returns the current version, and so
     * does a retry.
     */
    @Test
    public void anUpdateOfAnOlderVersionIsStale() {
        StoredRun run = insert(aRun(insert(aTask())));
        assertThat(find(run)).isEqualTo(run);
        RunChange first = changeOf(run, edit -> edit.stage(Optional.of("first")));
        node.runs().update(PROJECT, first);
        RunChange second = changeOf(run, edit -> edit.stage(Optional.of("second")));

        assertThat(otherNode.runs().update(PROJECT, second))
                .isEqualTo(new RunUpdateResult.Stale(first.after()));
        assertThat(node.runs().update(PROJECT, first))
                .isEqualTo(new RunUpdateResult.Stale(first.after()));
        assertThat(find(run)).isEqualTo(first.after());
    }

    /** docs/invariants.md#i4: of concurrent updates of one version, one succeeds. */
    @Test
    public void oneOfConcurrentUpdatesIsStored() {
        StoredRun run = insert(aRun(insert(aTask())));

        List<RunUpdateResult> answers =
                ConcurrentCalls.of(
                        THREADS,
                        index ->
                                nodeOf(index)
                                        .runs()
                                        .update(
                                                PROJECT,
                                                changeOf(
                                                        run,
                                                        edit ->
                                                                edit.stage(
                                                                        Optional.of(
                                                                                "by " + index)))));

        StoredRun current = find(run);
        assertThat(answers).filteredOn(new RunUpdateResult.Updated(current)::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(new RunUpdateResult.Stale(current)::equals)
                .hasSize(THREADS - 1);
    }

    /** docs/invariants.md#i4: concurrent updates are serializable. */
    @Test
    public void noUpdateIsLostWhenStaleWritersRetry() {
        StoredRun run = insert(aRun(insert(aTask())).withBranch(""));

        ConcurrentCalls.of(
                THREADS,
                index -> {
                    for (int i = 0; i < CHANGES_PER_THREAD; i++) {
                        append(run, index);
                    }
                    return index;
                });

        StoredRun current = find(run);
        assertThat(current.run().version()).isEqualTo(1 + THREADS * CHANGES_PER_THREAD);
        String everyLetter = current.run().branch().orElseThrow();
        assertThat(IntStream.range(0, THREADS))
                .allSatisfy(
                        index ->
                                assertThat(everyLetter.chars().filter(c -> c == 'a' + index))
                                        .hasSize(CHANGES_PER_THREAD));
    }

    private void append(StoredRun run, int index) {
        RunUpdateResult advance;
        StoredRun read = run;
        do {
            String branch = read.run().branch().orElseThrow() + (char) ('a' + index);
            advance =
                    nodeOf(index)
                            .runs()
                            .update(
                                    PROJECT,
                                    changeOf(read, edit -> edit.branch(Optional.of(branch))));
            read = advance instanceof RunUpdateResult.Stale stale ? stale.current() : read;
        } while (advance instanceof RunUpdateResult.Stale);
        assertThat(advance).isInstanceOf(RunUpdateResult.Updated.class);
    }

    /**
     * docs/invariants.md#i3, docs/wire/guarantees.md#j10: each update has a later time than the one
     * before.
     */
    @Test
    public void updateTimesIncreaseEvenIfTheClockDoesNot() {
        StoredRun run = insert(aRun(insert(aTask())).createdAt(clock.instant()));
        StoredRun standing = change(run, edit -> edit.stage(Optional.of("one")));
        clock.set(clock.instant().minusSeconds(5));
        StoredRun back = change(standing, edit -> edit.stage(Optional.of("two")));

        assertThat(find(run)).isEqualTo(back);
        assertThat(Stream.of(run, standing, back).map(each -> each.run().updatedAt()).toList())
                .isSorted()
                .doesNotHaveDuplicates();
    }

    /**
     * docs/wire/conventions.md#a1, docs/invariants.md#i5: an update with the id of another task or
     * project returns {@code NotFound}.
     */
    @Test
    public void anUnknownRunIsMissing() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        insert(OTHER_PROJECT, aTask());
        StoredRun neverInserted = aRun(task).build().stored();
        StoredRun underAnotherTask = aRun(insert(aTask())).withId(run.id()).build().stored();
        RunChange change = changeOf(run, edit -> edit.stage(Optional.of("mine")));

        assertThat(node.runs().update(OTHER_PROJECT, change))
                .isEqualTo(new RunUpdateResult.NotFound());
        assertThat(node.runs().update(PROJECT, changeOf(neverInserted, edit -> edit)))
                .isEqualTo(new RunUpdateResult.NotFound());
        assertThat(node.runs().update(PROJECT, changeOf(underAnotherTask, edit -> edit)))
                .isEqualTo(new RunUpdateResult.NotFound());
        assertThat(find(run)).isEqualTo(run);
    }

    /**
     * docs/wire/tasks.md#a10, docs/wire/runs.md#g2: the runs of a deleted task can be updated until
     * they end.
     */
    @Test
    public void aRunOfADeletedTaskCanBeUpdated() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        delete(task);

        assertThat(end(run, RunStatus.CANCELLED).run().status()).isEqualTo(RunStatus.CANCELLED);
    }

    /**
     * docs/invariants.md#i3, docs/architecture.md#w1: the update statement itself protects a
     * terminal status. The change is based on a version that was never stored, so the value types
     * cannot reject it.
     */
    @Test
    public void aTerminalStatusIsFinalForStaleWriters() {
        for (RunStatus end : SampleValues.ENDS) {
            StoredRun run = insert(aRun(insert(aTask())));
            StoredRun ended = end(run, end);
            StoredRun pretended = changeOf(run, edit -> edit.status(RunStatus.IN_PROGRESS)).after();
            assertThat(pretended.run().version()).isEqualTo(ended.run().version());

            assertThat(node.runs().update(PROJECT, endOf(pretended, RunStatus.COMPLETED)))
                    .isEqualTo(new RunUpdateResult.Stale(ended));
            assertThat(find(run)).isEqualTo(ended);
        }
    }

    /** docs/wire/runs.md#g3: other members can be updated in every status. */
    @Test
    public void aTerminalRunKeepsItsEndWhenOtherMembersChange() {
        StoredRun run = insert(aRun(insert(aTask())));
        StoredRun ended = end(run, RunStatus.COMPLETED);
        clock.advance(LEASE);

        StoredRun late = change(ended, edit -> edit.branch(Optional.of("late")));

        assertThat(late.run().status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(late.run().completedAt()).isEqualTo(ended.run().completedAt());
        assertThat(find(run)).isEqualTo(late);
    }

    /**
     * docs/wire/runs.md#g4, docs/wire/starting-runs.md#i9: {@code resume_in_cloud} reopens a run,
     * which is then claimable again.
     */
    @Test
    public void anExplicitUpdateReopensARun() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun before = claimOne();
        StoredRun ended = end(run, RunStatus.FAILED);
        StoredRun queued = queue(ended);

        ClaimedRun claimed = claimOne();
        assertThat(claimed.stored()).isEqualTo(queued);
        assertThat(claimed.lease().token()).isGreaterThan(before.lease().token());
        assertThat(node.queue().renew(List.of(before.lease()), LEASE).get(0)).isEmpty();
    }

    /** docs/invariants.md#i4: an update stores priority and timeouts. */
    @Test
    public void schedulingIsUpdatedWithTheRun() {
        RunTimeouts timeouts = RunTimeouts.NONE.withInactivity(LEASE).withQueued(LEASE);
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));

        StoredRun urgent =
                changeEntry(run, entry -> QueueEntry.queued(entry.queuedAt(), 9, timeouts));

        assertThat(find(run)).isEqualTo(urgent);
        assertThat(claimOne().stored()).isEqualTo(urgent);
    }
}
