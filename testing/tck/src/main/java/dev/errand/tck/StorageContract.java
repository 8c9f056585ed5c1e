package dev.errand.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.ExtendWith;

/** Base class of the storage contracts: one storage, two nodes and one clock. */
@ExtendWith(PassedTestCounter.class)
public abstract class StorageContract implements NamedStorage {

    static final ProjectId PROJECT = ProjectId.of(7);
    static final ProjectId OTHER_PROJECT = ProjectId.of(8);
    static final Duration LEASE = Duration.ofSeconds(30);

    final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00.000001Z"));

    /** The node for tests that need only one. */
    Backend node;

    /** Another node over the same storage. */
    Backend otherNode;

    private BackendFactory factory;

    /** Constructor for the contracts. */
    StorageContract() {}

    /** Returns the factory of the storage under test. Called once for each test. */
    protected abstract BackendFactory factory();

    @Override
    public final String storage() {
        return factory.name();
    }

    /** Empties the storage and opens two nodes over it. */
    @BeforeEach
    public void openTwoNodes() {
        factory = factory();
        factory.reset();
        node = factory.open(clock);
        otherNode = factory.open(clock);
    }

    /** Closes both nodes and empties the storage. */
    @AfterEach
    public void closeBothNodes() {
        node.close();
        otherNode.close();
        factory.reset();
    }

    /** Closes both nodes and opens two new ones over the same storage. */
    void restart() {
        node.close();
        otherNode.close();
        node = factory.open(clock);
        otherNode = factory.open(clock);
    }

    /** Returns the first node for even indexes, the second for odd ones. */
    Backend nodeOf(int index) {
        return index % 2 == 0 ? node : otherNode;
    }

    static Optional<Idempotency> key(String key, String requestHash) {
        return Optional.of(
                new Idempotency("user:31", "POST /api/projects/7/tasks/", key, requestHash));
    }

    Task insert(TestTasks task) {
        return insert(PROJECT, task);
    }

    Task insert(ProjectId project, TestTasks task) {
        return inserted(
                TestTasks.insertTask(node.tasks(), project, task.build(), Optional.empty()));
    }

    static <T> T inserted(InsertResult<T> insertion) {
        assertThat(insertion).isInstanceOf(InsertResult.Inserted.class);
        return ((InsertResult.Inserted<T>) insertion).value();
    }

    StoredRun insert(TestRuns run) {
        return insert(PROJECT, run.build());
    }

    /** Inserts a run into a project, asserts success, and returns the stored run. */
    StoredRun insert(ProjectId project, NewRun run) {
        return new StoredRun(
                inserted(node.runs().insert(project, run, Optional.empty())), run.entry());
    }

    RunInsertResult insertion(TestRuns run) {
        return node.runs().insert(PROJECT, run.build(), Optional.empty());
    }

    static Run inserted(RunInsertResult insertion) {
        assertThat(insertion).isInstanceOf(RunInsertResult.Inserted.class);
        return ((RunInsertResult.Inserted) insertion).task().latestRun().orElseThrow();
    }

    /** Deletes a task and asserts success. */
    void delete(Task task) {
        TaskUpdateResult deletion =
                node.tasks().update(task.project(), task.markDeleted(clock.instant()));
        assertThat(deletion).isInstanceOf(TaskUpdateResult.Updated.class);
    }

    /** Updates a run, asserts success, and returns the stored run. */
    StoredRun change(StoredRun before, UnaryOperator<Run.Builder> edit) {
        return update(changeOf(before, edit));
    }

    /** Updates the queue entry of a run, asserts success, and returns the stored run. */
    StoredRun changeEntry(StoredRun before, UnaryOperator<QueueEntry> edit) {
        return update(entryChangeOf(before, edit));
    }

    /** Queues a run for its next attempt, asserts success, and returns the stored run. */
    StoredRun queue(StoredRun before) {
        Instant now = clock.instant();
        Run after = before.run().change(now).status(RunStatus.QUEUED).nextAttempt().build();
        return update(
                RunChange.reopening(
                        before, new StoredRun(after, Optional.of(QueueEntry.queued(now)))));
    }

    /** Launches a run, asserts success, and returns the stored run. */
    StoredRun launch(StoredRun before) {
        Instant now = clock.instant();
        return update(
                RunChange.of(
                        before,
                        before.withRun(
                                before.run().change(now).status(RunStatus.IN_PROGRESS).build(),
                                entry -> entry.launched("sandbox-1", now))));
    }

    /** Changes the priority of a run, asserts success, and returns the stored run. */
    StoredRun changePriority(StoredRun before, int priority) {
        return changeEntry(
                before, entry -> QueueEntry.queued(entry.queuedAt(), priority, entry.timeouts()));
    }

    /** Records a failed launch, asserts success, and returns the stored run. */
    StoredRun failLaunch(StoredRun before, Instant retryAt) {
        return update(failedLaunchOf(before, retryAt));
    }

    /** Ends a run, asserts success, and returns the stored run. */
    StoredRun end(StoredRun before, RunStatus status) {
        return update(endOf(before, status));
    }

    private StoredRun update(RunChange change) {
        RunUpdateResult result = node.runs().update(change.before().project(), change);
        assertThat(result).isInstanceOf(RunUpdateResult.Updated.class);
        return ((RunUpdateResult.Updated) result).run();
    }

    /** Returns a change of a run at the current time, which keeps its queue entry. */
    RunChange changeOf(StoredRun before, UnaryOperator<Run.Builder> edit) {
        return RunChange.of(
                before, before.withRun(edit.apply(before.run().change(clock.instant())).build()));
    }

    /** Returns a change of the queue entry of a run. */
    RunChange entryChangeOf(StoredRun before, UnaryOperator<QueueEntry> edit) {
        return RunChange.of(
                before, before.withRun(before.run().change(clock.instant()).build(), edit));
    }

    /** Returns the change that records a failed launch. */
    RunChange failedLaunchOf(StoredRun before, Instant retryAt) {
        return RunChange.of(
                before,
                before.withRun(
                        before.run().change(clock.instant()).nextAttempt().build(),
                        entry -> entry.launchFailed("no room", retryAt)));
    }

    /** Returns the change that ends a run and removes its queue entry. */
    RunChange endOf(StoredRun before, RunStatus status) {
        return RunChange.of(
                before,
                StoredRun.withoutEntry(
                        before.run()
                                .change(clock.instant())
                                .endedWith(status, EndReason.REPORTED)
                                .build()));
    }

    /** Returns the stored run. Its task must not have been deleted. */
    StoredRun find(StoredRun run) {
        return node.runs().find(run.project(), run.task(), run.id()).orElseThrow();
    }

    /** Claims all due runs in one request. */
    List<ClaimedRun> claimAll() {
        return node.queue().claim(ProjectScope.everyProject(), request(1_000));
    }

    /** Claims one run and asserts success. */
    ClaimedRun claimOne() {
        List<ClaimedRun> claimed = node.queue().claim(ProjectScope.everyProject(), request(1));
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    static ClaimRequest request(int max) {
        return new ClaimRequest("node-1", max, LEASE);
    }

    /** Stages an artifact for the task at the current time. */
    StagedArtifact stage(Task task) {
        Reservation reservation = TestArtifacts.aReservation(task, clock.instant());
        node.staging().reserve(task.project(), List.of(reservation));
        StagedArtifact staged = TestArtifacts.finalised(reservation, clock.instant());
        assertThat(node.staging().stage(task.project(), List.of(staged))).isEmpty();
        return staged;
    }
}
