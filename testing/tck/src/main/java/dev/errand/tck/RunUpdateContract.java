package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.DispatchState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.Settlement;
import dev.errand.spi.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
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
        Run run = insert(aRun(task).queuedAt(clock.instant()));
        Artifact artifact = anArtifact(task);
        clock.tick();

        RunChange change =
                changeOf(
                        run,
                        edit ->
                                edit.endedWith(RunStatus.FAILED, EndReason.SANDBOX_LOST)
                                        .environment(RunEnvironment.LOCAL)
                                        .stage(Optional.of("build"))
                                        .branch(Optional.of("fix/cart"))
                                        .errorMessage(Optional.of(""))
                                        .output(Optional.of(JsonText.of("[1,{\"a\":null}]")))
                                        .state(JsonText.of("{\"n\":1.10}"))
                                        .artifacts(List.of(artifact))
                                        .dispatch(
                                                run.dispatch()
                                                        .launched("sandbox-1", clock.instant())
                                                        .launchFailed("no room", clock.instant())
                                                        .stopping(
                                                                DispatchState.StopReason.TIME_LIMIT,
                                                                clock.instant())));

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
        Run run = insert(aRun(insert(aTask())));
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
        Run run = insert(aRun(insert(aTask())));

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

        Run current = find(run);
        assertThat(answers).filteredOn(new RunUpdateResult.Updated(current)::equals).hasSize(1);
        assertThat(answers)
                .filteredOn(new RunUpdateResult.Stale(current)::equals)
                .hasSize(THREADS - 1);
    }

    /** docs/invariants.md#i4: concurrent updates are serializable. */
    @Test
    public void noUpdateIsLostWhenStaleWritersRetry() {
        Run run = insert(aRun(insert(aTask())).withBranch(""));

        ConcurrentCalls.of(
                THREADS,
                index -> {
                    for (int i = 0; i < CHANGES_PER_THREAD; i++) {
                        append(run, index);
                    }
                    return index;
                });

        Run current = find(run);
        assertThat(current.version()).isEqualTo(1 + THREADS * CHANGES_PER_THREAD);
        String everyLetter = current.branch().orElseThrow();
        assertThat(IntStream.range(0, THREADS))
                .allSatisfy(
                        index ->
                                assertThat(everyLetter.chars().filter(c -> c == 'a' + index))
                                        .hasSize(CHANGES_PER_THREAD));
    }

    private void append(Run run, int index) {
        RunUpdateResult advance;
        Run read = run;
        do {
            String branch = read.branch().orElseThrow() + (char) ('a' + index);
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
        Run run = insert(aRun(insert(aTask())).createdAt(clock.instant()));
        Run standing = change(run, edit -> edit.stage(Optional.of("one")));
        clock.set(clock.instant().minusSeconds(5));
        Run back = change(standing, edit -> edit.stage(Optional.of("two")));

        assertThat(find(run)).isEqualTo(back);
        assertThat(List.of(run.updatedAt(), standing.updatedAt(), back.updatedAt()))
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
        Run run = insert(aRun(task));
        insert(OTHER_PROJECT, aTask());
        Run neverInserted = aRun(task).build().run();
        Run underAnotherTask = aRun(insert(aTask())).withId(run.id()).build().run();
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
        Run run = insert(aRun(task));
        delete(task);

        assertThat(change(run, ending(run, RunStatus.CANCELLED)).status())
                .isEqualTo(RunStatus.CANCELLED);
    }

    /**
     * docs/invariants.md#i3, docs/architecture.md#w1: the update statement itself protects a
     * terminal status. The change is based on a version that was never stored, so the value types
     * cannot reject it.
     */
    @Test
    public void aTerminalStatusIsFinalForStaleWriters() {
        for (RunStatus end : SampleValues.ENDS) {
            Run run = insert(aRun(insert(aTask())));
            Run ended = change(run, ending(run, end));
            Run pretended = run.change(clock.instant()).status(RunStatus.IN_PROGRESS).build();
            assertThat(pretended.version()).isEqualTo(ended.version());

            assertThat(
                            node.runs()
                                    .update(
                                            PROJECT,
                                            changeOf(
                                                    pretended,
                                                    ending(pretended, RunStatus.COMPLETED))))
                    .isEqualTo(new RunUpdateResult.Stale(ended));
            assertThat(find(run)).isEqualTo(ended);
        }
    }

    /** docs/wire/runs.md#g3: other members can be updated in every status. */
    @Test
    public void aTerminalRunKeepsItsEndWhenOtherMembersChange() {
        Run run = insert(aRun(insert(aTask())));
        Run ended = change(run, ending(run, RunStatus.COMPLETED));
        clock.advance(LEASE);

        Run late = change(ended, edit -> edit.branch(Optional.of("late")));

        assertThat(late.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(late.completedAt()).isEqualTo(ended.completedAt());
        assertThat(find(run)).isEqualTo(late);
    }

    /**
     * docs/wire/runs.md#g4, docs/wire/planned-endpoints.md#i9: {@code resume_in_cloud} reopens a
     * run, which is then claimable again.
     */
    @Test
    public void anExplicitUpdateReopensARun() {
        Run run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        ClaimedRun before = claimOne();
        Run ended = change(run, ending(run, RunStatus.FAILED));
        Run queued =
                ended.change(clock.instant())
                        .status(RunStatus.QUEUED)
                        .dispatch(ended.dispatch().queued(clock.instant()))
                        .build();

        assertThat(node.runs().update(PROJECT, RunChange.reopening(ended, queued)))
                .isEqualTo(new RunUpdateResult.Updated(queued));
        ClaimedRun claimed = claimOne();
        assertThat(claimed.run()).isEqualTo(queued);
        assertThat(claimed.lease().token()).isGreaterThan(before.lease().token());
        assertThat(node.queue().renew(List.of(before.lease()), LEASE).get(0)).isEmpty();
    }

    /** docs/invariants.md#i4: single updates and settlements store priority and timeouts. */
    @Test
    public void schedulingIsUpdatedWithTheRun() {
        RunTimeouts timeouts = RunTimeouts.DEFAULTS.withInactivity(LEASE).withQueued(LEASE);
        Run run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));

        Run urgent = change(run, edit -> edit.dispatch(run.dispatch().withScheduling(9, timeouts)));
        assertThat(find(run)).isEqualTo(urgent);
        ClaimedRun claimed = claimOne();
        assertThat(claimed.run()).isEqualTo(urgent);
        DispatchState done =
                urgent.dispatch().done().withScheduling(-9, RunTimeouts.DEFAULTS.withTotal(LEASE));
        RunChange settled = changeOf(urgent, edit -> edit.dispatch(done));
        TestRuns.settle(node.queue(), List.of(new Settlement(settled.withLease(claimed.lease()))));

        assertThat(find(run)).isEqualTo(settled.after());
    }
}
