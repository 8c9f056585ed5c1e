package dev.errand.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunUpdateResult;
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

/** What the contract tests of all storage ports share: one storage, two nodes, and one clock. */
@ExtendWith(PassedTestCounter.class)
public abstract class StorageContract implements NamedStorage {

    static final ProjectId PROJECT = ProjectId.of(7);
    static final ProjectId OTHER_PROJECT = ProjectId.of(8);
    static final Duration LEASE = Duration.ofSeconds(30);

    final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00.000001Z"));

    /** The node that a test uses where one is enough. */
    Backend node;

    /** Another node over the same storage. */
    Backend otherNode;

    private BackendFactory factory;

    /** For the contracts. */
    StorageContract() {}

    /** The factory over the storage to be tested; asked once a test. */
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

    /** Closes both nodes and opens two new ones over what they left. */
    void restart() {
        node.close();
        otherNode.close();
        node = factory.open(clock);
        otherNode = factory.open(clock);
    }

    /** The one or the other node, by turns. */
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

    Run insert(TestRuns run) {
        return inserted(insertion(run));
    }

    RunInsertResult insertion(TestRuns run) {
        return node.runs().insert(PROJECT, run.build(), Optional.empty());
    }

    static Run inserted(RunInsertResult insertion) {
        assertThat(insertion).isInstanceOf(RunInsertResult.Inserted.class);
        return ((RunInsertResult.Inserted) insertion).task().latestRun().orElseThrow();
    }

    /** Deletes a task, which must be possible. */
    void delete(Task task) {
        TaskUpdateResult deletion =
                node.tasks().update(task.project(), task.markDeleted(clock.instant()));
        assertThat(deletion).isInstanceOf(TaskUpdateResult.Updated.class);
    }

    /** Changes a run, which must be possible, and answers with what stands. */
    Run change(Run before, UnaryOperator<Run.Builder> edit) {
        RunUpdateResult advance = node.runs().update(before.project(), changeOf(before, edit));
        assertThat(advance).isInstanceOf(RunUpdateResult.Updated.class);
        return ((RunUpdateResult.Updated) advance).run();
    }

    /** A change of a run at the clock's time. */
    RunChange changeOf(Run before, UnaryOperator<Run.Builder> edit) {
        return RunChange.of(before, edit.apply(before.change(clock.instant())).build());
    }

    /** Ends a run with nothing owed. */
    static UnaryOperator<Run.Builder> ending(Run run, RunStatus status) {
        return edit -> edit.endedWith(status, EndReason.REPORTED).dispatch(run.dispatch().done());
    }

    /** What the storage has of a run. */
    Run find(Run run) {
        return node.runs().find(run.project(), run.task(), run.id()).orElseThrow();
    }

    /** Claims everything that is due, in one request. */
    List<ClaimedRun> claimAll() {
        return node.queue().claim(ProjectScope.everyProject(), request(1_000));
    }

    /** Claims one run, which must be there. */
    ClaimedRun claimOne() {
        List<ClaimedRun> claimed = node.queue().claim(ProjectScope.everyProject(), request(1));
        assertThat(claimed).hasSize(1);
        return claimed.get(0);
    }

    static ClaimRequest request(int max) {
        return new ClaimRequest("node-1", max, LEASE);
    }

    /** An upload for the task, finalised now. */
    StagedArtifact stage(Task task) {
        Reservation reservation = TestArtifacts.aReservation(task, clock.instant());
        node.staging().reserve(task.project(), List.of(reservation));
        StagedArtifact staged = TestArtifacts.finalised(reservation, clock.instant());
        assertThat(node.staging().stage(task.project(), List.of(staged))).isEmpty();
        return staged;
    }
}
