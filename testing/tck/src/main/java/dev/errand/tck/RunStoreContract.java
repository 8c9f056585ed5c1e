package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link RunStore}: inserts and lists. Updates are tested by
 * {@link RunUpdateContract}, keys by {@link IdempotencyContract}, artifacts by {@link
 * ArtifactConsumptionContract}.
 */
public abstract class RunStoreContract extends StorageContract {

    private static final RunTimeouts DEADLINES =
            new RunTimeouts(
                    Optional.of(Duration.ofMinutes(10)),
                    Optional.of(RunTimeouts.SHORTEST),
                    Optional.of(Duration.ofMillis(90_001)),
                    Optional.of(RunTimeouts.LONGEST));
    private static final int RACING_RUNS = 32;
    private static final int ROUNDS = 40;

    /** Constructor for subclasses. */
    protected RunStoreContract() {}

    /** docs/invariants.md#i10, docs/wire/conventions.md#a1: a run is stored unchanged. */
    @Test
    public void aRunIsFoundAsItWasInserted() {
        Task task = insert(aTask());
        NewRun run =
                aRun(task)
                        .withStage("plan – 計画")
                        .withBranch("main")
                        .withState("{\"mode\":\"background\",\"x\":[1,null,\"\\u0000\"]}")
                        .queuedAt(clock.instant())
                        .build();

        assertThat(node.runs().insert(PROJECT, run, Optional.empty()))
                .isEqualTo(
                        new RunInsertResult.Inserted(
                                new TaskWithLatestRun(task, Optional.of(run.run()))));
        assertThat(otherNode.runs().find(PROJECT, task.id(), run.run().id()))
                .contains(run.stored());
    }

    /** docs/invariants.md#i10: every kind of insert stores priority and timeouts. */
    @Test
    public void schedulingIsStoredWithTheRun() {
        Task task = insert(aTask());
        StagedArtifact staged = stage(task);
        TestRuns alone =
                aRun(task)
                        .queuedAt(clock.instant())
                        .withScheduling(QueueEntry.HIGHEST_PRIORITY, DEADLINES);
        TestRuns consuming =
                aRun(task)
                        .queuedAt(clock.instant())
                        .withScheduling(
                                QueueEntry.LOWEST_PRIORITY, RunTimeouts.NONE.withLaunch(LEASE))
                        .consuming(staged.artifact().id());
        NewTask another = aTask().build();
        NewRun first =
                aRun(another.numbered(PROJECT, 0))
                        .queuedAt(clock.instant())
                        .withScheduling(3, RunTimeouts.NONE.withTotal(RunTimeouts.LONGEST))
                        .build();

        StoredRun one = insert(alone);
        StoredRun two = insert(consuming);
        TestTasks.insertTasks(
                node.tasks(),
                PROJECT,
                List.of(new TaskInsertion(another, Optional.of(first.stored()))));

        for (StoredRun run : List.of(one, two, first.stored())) {
            assertThat(otherNode.runs().find(PROJECT, run.task(), run.id())).contains(run);
        }
    }

    /** docs/wire/idempotency-and-limits.md#j29: returns the first answer with its scheduling. */
    @Test
    public void aRepeatedInsertReturnsTheFirstScheduling() {
        Task task = insert(aTask());
        NewRun run = aRun(task).queuedAt(clock.instant()).withScheduling(-7, DEADLINES).build();
        node.runs().insert(PROJECT, run, key("k", "h"));
        changePriority(run.stored(), 0);

        assertThat(otherNode.runs().insert(PROJECT, run, key("k", "h")))
                .isEqualTo(
                        new RunInsertResult.Replayed(
                                new TaskWithLatestRun(task, Optional.of(run.run()))));
    }

    /**
     * docs/invariants.md#i7: the GitHub connection of a run is recorded in the same step as the
     * run.
     */
    @Test
    public void insertingARunRecordsItsConnectionOnATaskWithoutOne() {
        Task task = insert(aTask());
        clock.tick();
        NewRun run = connected(aRun(task).build());

        RunInsertResult result = node.runs().insert(PROJECT, run, key("k", "h"));

        Task connected = run.withRecordedConnection(task);
        TaskWithLatestRun answer = new TaskWithLatestRun(connected, Optional.of(run.run()));
        assertThat(connected.version()).isEqualTo(task.version() + 1);
        assertThat(result).isEqualTo(new RunInsertResult.Inserted(answer));
        assertThat(otherNode.tasks().find(PROJECT, task.id())).contains(answer);
        assertThat(otherNode.runs().insert(PROJECT, run, key("k", "h")))
                .isEqualTo(new RunInsertResult.Replayed(answer));
    }

    @Test
    public void insertingARunKeepsTheConnectionOfATask() {
        Task task = insert(aTask());
        NewRun first = connected(aRun(task).build());
        node.runs().insert(PROJECT, first, Optional.empty());
        Task before = node.tasks().find(PROJECT, task.id()).orElseThrow().task();
        clock.tick();

        node.runs().insert(PROJECT, connected(aRun(task).build()), Optional.empty());

        assertThat(node.tasks().find(PROJECT, task.id()).orElseThrow().task()).isEqualTo(before);
    }

    @Test
    public void aRunThatIsNotInsertedRecordsNoConnection() {
        Task task = insert(aTask());
        NewRun run = aRun(task).consuming(ArtifactId.of(UUID.randomUUID())).build();

        RunInsertResult result = node.runs().insert(PROJECT, connected(run), Optional.empty());

        assertThat(result).isInstanceOf(RunInsertResult.ArtifactsNotFound.class);
        assertThat(node.tasks().find(PROJECT, task.id()).orElseThrow().task()).isEqualTo(task);
    }

    private static NewRun connected(NewRun run) {
        return new NewRun(run.run(), run.entry(), run.consumes(), Optional.of(UUID.randomUUID()));
    }

    /** docs/wire/conventions.md#a1: a run id under a different task of the same project is 404. */
    @Test
    public void aRunIsFoundOnlyUnderItsOwnTask() {
        StoredRun run = insert(aRun(insert(aTask())));
        Task other = insert(aTask());
        insert(aRun(other));

        assertThat(node.runs().find(PROJECT, other.id(), run.id())).isEmpty();
        assertThat(node.runs().findIncludingDeleted(PROJECT, other.id(), run.id())).isEmpty();
        assertThat(node.runs().list(PROJECT, other.id(), PageRequest.FIRST).items())
                .doesNotContain(run.run());
    }

    /**
     * docs/invariants.md#i5, docs/wire/conventions.md#a1: a run cannot be read from another
     * project, even with the correct ids.
     */
    @Test
    public void aRunIsInvisibleFromAnotherProject() {
        StoredRun run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        insert(OTHER_PROJECT, aTask());

        assertThat(node.runs().find(OTHER_PROJECT, run.task(), run.id())).isEmpty();
        assertThat(node.runs().findIncludingDeleted(OTHER_PROJECT, run.task(), run.id())).isEmpty();
        assertThat(node.runs().list(OTHER_PROJECT, run.task(), PageRequest.FIRST))
                .isEqualTo(new Page<>(List.of(), 0));
        assertThat(node.runs().listOpen(OTHER_PROJECT, run.task())).isEmpty();
    }

    /** docs/invariants.md#i5: a run and its task belong to the same project. */
    @Test
    public void aRunCannotBeInsertedUnderATaskOfAnotherProject() {
        Task task = insert(aTask());
        Task foreign = insert(OTHER_PROJECT, aTask());

        assertThat(insertion(aRun(foreign))).isEqualTo(new RunInsertResult.TaskNotFound());
        assertThat(node.runs().insert(OTHER_PROJECT, aRun(task).build(), Optional.empty()))
                .isEqualTo(new RunInsertResult.TaskNotFound());
        assertThat(node.runs().listOpen(PROJECT, task.id())).isEmpty();
        assertThat(node.runs().listOpen(OTHER_PROJECT, foreign.id())).isEmpty();
    }

    /** docs/wire/guarantees.md#j17: a run under a deleted task is rejected and consumes nothing. */
    @Test
    public void aRunCannotBeInsertedUnderADeletedOrUnknownTask() {
        Task task = insert(aTask());
        delete(task);
        Task unknown = aTask().build().numbered(PROJECT, 17);

        assertThat(insertion(aRun(task))).isEqualTo(new RunInsertResult.TaskNotFound());
        assertThat(insertion(aRun(unknown))).isEqualTo(new RunInsertResult.TaskNotFound());
        assertThat(node.runs().listOpen(PROJECT, task.id())).isEmpty();
    }

    /** docs/wire/tasks.md#a10, #d5: the runs of a deleted task must be readable to be stopped. */
    @Test
    public void aRunOfADeletedTaskIsFoundOnRequest() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        delete(task);

        assertThat(node.runs().find(PROJECT, task.id(), run.id())).isEmpty();
        assertThat(node.runs().findIncludingDeleted(PROJECT, task.id(), run.id())).contains(run);
        assertThat(node.runs().listOpen(PROJECT, task.id())).containsExactly(run);
    }

    /**
     * docs/wire/guarantees.md#j17: either a run is inserted before the deletion of its task, or it
     * is rejected.
     */
    @Test
    public void aRunIsNeverInsertedAfterTheDeletionOfItsTask() {
        for (int round = 0; round < ROUNDS; round++) {
            Task task = insert(aTask());
            NewRun run = aRun(task).build();

            List<Boolean> seen =
                    ConcurrentCalls.of(
                            2,
                            index -> {
                                if (index == 0) {
                                    return node.runs().insert(PROJECT, run, Optional.empty())
                                            instanceof RunInsertResult.Inserted;
                                }
                                Task deleted = task.markDeleted(clock.instant());
                                assertThat(otherNode.tasks().update(PROJECT, deleted))
                                        .isInstanceOf(TaskUpdateResult.Updated.class);
                                return !otherNode.runs().listOpen(PROJECT, task.id()).isEmpty();
                            });

            assertThat(seen.get(1)).as("seen after the deletion").isEqualTo(seen.get(0));
        }
    }

    /**
     * docs/wire/runs.md#d9, docs/invariants.md#i9: runs are listed newest first, those of equal
     * creation time by descending id; each page reports the total.
     */
    @Test
    public void runsAreListedNewestFirstInPages() {
        Task task = insert(aTask());
        Instant time = clock.instant();
        Run low = insert(aRun(task).createdAt(time).withId(RunId.of(new UUID(-1, 1)))).run();
        Run old = insert(aRun(task).createdAt(time.minusSeconds(1))).run();
        Run high = insert(aRun(task).createdAt(time).withId(RunId.of(new UUID(-1, -1)))).run();
        insert(aRun(insert(aTask())).createdAt(time));

        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.FIRST))
                .isEqualTo(new Page<>(List.of(high, low, old), 3));
        assertThat(otherNode.runs().list(PROJECT, task.id(), PageRequest.of(1, 1)))
                .isEqualTo(new Page<>(List.of(low), 3));
        assertThat(otherNode.runs().list(PROJECT, task.id(), PageRequest.of(2, 1)))
                .isEqualTo(new Page<>(List.of(low, old), 3));
        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.of(10, 3)))
                .isEqualTo(new Page<>(List.of(), 3));
        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.of(10, 1L << 40)))
                .isEqualTo(new Page<>(List.of(), 3));
    }

    /** docs/invariants.md#i9: the list of a task with many runs is complete. */
    @Test
    public void eachRunIsListedOnceAndFound() {
        Task task = insert(aTask());
        for (int i = 0; i < 60; i++) {
            insert(aRun(task).createdAt(i % 3 == 0 ? clock.instant() : clock.tick()));
        }

        List<Run> listed = node.runs().list(PROJECT, task.id(), PageRequest.FIRST).items();

        assertThat(listed).hasSize(60).isSortedAccordingTo(Run.BY_AGE.reversed());
        assertThat(listed)
                .doesNotHaveDuplicates()
                .allSatisfy(
                        run ->
                                assertThat(node.runs().find(PROJECT, task.id(), run.id()))
                                        .contains(StoredRun.withoutEntry(run)));
    }

    /** {@code listOpen}: returns runs that have not ended or have a queue entry, oldest first. */
    @Test
    public void openRunsAreUnfinishedOrQueued() {
        Task task = insert(aTask());
        StoredRun recorded = insert(aRun(task).createdAt(clock.tick()));
        StoredRun ended = insert(aRun(task).createdAt(clock.tick()));
        end(ended, RunStatus.COMPLETED);
        StoredRun stopping = insert(aRun(task).queuedAt(clock.tick()).createdAt(clock.instant()));
        StoredRun endedAndQueued =
                change(stopping, edit -> edit.endedWith(RunStatus.CANCELLED, EndReason.CANCELLED));

        assertThat(otherNode.runs().listOpen(PROJECT, task.id()))
                .containsExactly(recorded, endedAndQueued);
    }
}
