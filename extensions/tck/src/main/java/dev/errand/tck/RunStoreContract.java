package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Insertion;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.dispatch.Deadlines;
import dev.errand.spi.dispatch.Dispatch;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunInsertion;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.task.NewTask;
import dev.errand.spi.task.NewTaskWithRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskAdvance;
import dev.errand.spi.task.TaskWithRun;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What every {@link RunStore} must do with new runs and with lists of runs; changes are in {@link
 * RunAdvanceContract}.
 */
public abstract class RunStoreContract extends StorageContract {

    private static final Deadlines DEADLINES =
            new Deadlines(
                    Optional.of(Duration.ofMinutes(10)),
                    Optional.of(Deadlines.SHORTEST),
                    Optional.of(Duration.ofMillis(90_001)),
                    Optional.of(Deadlines.LONGEST));
    private static final int RACING_RUNS = 32;
    private static final int ROUNDS = 40;

    /** For the backend's test. */
    protected RunStoreContract() {}

    /** I10, C§A1. */
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
                        new RunInsertion.Inserted(new TaskWithRun(task, Optional.of(run.run()))));
        assertThat(otherNode.runs().find(PROJECT, task.id(), run.run().id())).contains(run.run());
    }

    /** I10: priority and deadlines, inserted in every way. */
    @Test
    public void theTermsOfARunAreKept() {
        Task task = insert(aTask());
        StagedArtifact staged = stage(task);
        TestRuns alone =
                aRun(task).queuedAt(clock.instant()).onTerms(Dispatch.HIGHEST_PRIORITY, DEADLINES);
        TestRuns consuming =
                aRun(task)
                        .queuedAt(clock.instant())
                        .onTerms(Dispatch.LOWEST_PRIORITY, Deadlines.NONE.withLaunch(LEASE))
                        .consuming(staged.artifact().id());
        NewTask another = aTask().build();
        NewRun first =
                aRun(another.numbered(PROJECT, 0))
                        .queuedAt(clock.instant())
                        .onTerms(3, Deadlines.NONE.withTotal(Deadlines.LONGEST))
                        .build();

        Run one = insert(alone);
        Run two = insert(consuming);
        Run three =
                node.tasks()
                        .insertAll(
                                PROJECT,
                                List.of(new NewTaskWithRun(another, Optional.of(first.run()))))
                        .get(0)
                        .latestRun()
                        .orElseThrow();

        assertThat(one.dispatch()).isEqualTo(alone.build().run().dispatch());
        assertThat(two.dispatch()).isEqualTo(consuming.build().run().dispatch());
        assertThat(three.dispatch()).isEqualTo(first.run().dispatch());
        for (Run run : List.of(one, two, three)) {
            assertThat(otherNode.runs().find(PROJECT, run.task(), run.id())).contains(run);
        }
    }

    /** J29: the first answer has the terms of its time. */
    @Test
    public void aRepeatedInsertionIsAnsweredWithTheTermsOfTheFirst() {
        Task task = insert(aTask());
        NewRun run = aRun(task).queuedAt(clock.instant()).onTerms(-7, DEADLINES).build();
        node.runs().insert(PROJECT, run, key("k", "h"));
        change(run.run(), edit -> edit.dispatch(run.run().dispatch().onTerms(0, Deadlines.NONE)));

        assertThat(otherNode.runs().insert(PROJECT, run, key("k", "h")))
                .isEqualTo(
                        new RunInsertion.Replayed(new TaskWithRun(task, Optional.of(run.run()))));
    }

    /** C§A1: the same run id under a different task of the same project is 404. */
    @Test
    public void aRunIsFoundOnlyUnderItsOwnTask() {
        Run run = insert(aRun(insert(aTask())));
        Task other = insert(aTask());
        insert(aRun(other));

        assertThat(node.runs().find(PROJECT, other.id(), run.id())).isEmpty();
        assertThat(node.runs().list(PROJECT, other.id(), PageRequest.FIRST).items())
                .doesNotContain(run);
    }

    /** I5, C§A1: also where both ids were guessed right. */
    @Test
    public void aRunIsInvisibleFromAnotherProject() {
        Run run = insert(aRun(insert(aTask())).queuedAt(clock.instant()));
        insert(OTHER_PROJECT, aTask());

        assertThat(node.runs().find(OTHER_PROJECT, run.task(), run.id())).isEmpty();
        assertThat(node.runs().list(OTHER_PROJECT, run.task(), PageRequest.FIRST))
                .isEqualTo(new Page<>(List.of(), 0));
        assertThat(node.runs().listOpen(OTHER_PROJECT, run.task())).isEmpty();
    }

    /** I5: a run needs a task of its own project. */
    @Test
    public void aRunCannotBeInsertedUnderATaskOfAnotherProject() {
        Task task = insert(aTask());
        Task foreign = insert(OTHER_PROJECT, aTask());

        assertThat(insertion(aRun(foreign))).isEqualTo(new RunInsertion.TaskMissing());
        assertThat(node.runs().insert(OTHER_PROJECT, aRun(task).build(), Optional.empty()))
                .isEqualTo(new RunInsertion.TaskMissing());
        assertThat(node.runs().listOpen(PROJECT, task.id())).isEmpty();
        assertThat(node.runs().listOpen(OTHER_PROJECT, foreign.id())).isEmpty();
    }

    /** J17: no new run under a deleted task, and it consumes nothing. */
    @Test
    public void aRunCannotBeInsertedUnderADeletedOrUnknownTask() {
        Task task = insert(aTask());
        delete(task);
        Task unknown = aTask().build().numbered(PROJECT, 17);

        assertThat(insertion(aRun(task))).isEqualTo(new RunInsertion.TaskMissing());
        assertThat(insertion(aRun(unknown))).isEqualTo(new RunInsertion.TaskMissing());
        assertThat(node.runs().listOpen(PROJECT, task.id())).isEmpty();
    }

    /** C§A10, D5: who deletes a task must find its runs afterwards. */
    @Test
    public void aRunOfADeletedTaskIsStillFound() {
        Task task = insert(aTask());
        Run run = insert(aRun(task));
        delete(task);

        assertThat(node.runs().find(PROJECT, task.id(), run.id())).contains(run);
        assertThat(node.runs().listOpen(PROJECT, task.id())).containsExactly(run);
    }

    /** J17: either the run is there for the deletion to find, or it never comes to be. */
    @Test
    public void aRunIsInsertedBeforeTheDeletionOfItsTaskOrNotAtAll() {
        for (int round = 0; round < ROUNDS; round++) {
            Task task = insert(aTask());
            NewRun run = aRun(task).build();

            List<Boolean> seen =
                    Race.of(
                            2,
                            index -> {
                                if (index == 0) {
                                    return node.runs().insert(PROJECT, run, Optional.empty())
                                            instanceof RunInsertion.Inserted;
                                }
                                Task deleted = task.deleted(clock.instant());
                                assertThat(otherNode.tasks().advance(PROJECT, deleted))
                                        .isInstanceOf(TaskAdvance.Advanced.class);
                                return !otherNode.runs().listOpen(PROJECT, task.id()).isEmpty();
                            });

            assertThat(seen.get(1)).as("seen after the deletion").isEqualTo(seen.get(0));
        }
    }

    /** I2, C§A4, H8: entries are carried over unchanged, in the order asked. */
    @Test
    public void consumedArtifactsBecomeTheManifestInTheOrderAsked() {
        Task task = insert(aTask());
        List<Artifact> ascending =
                Stream.generate(() -> stage(task).artifact())
                        .limit(4)
                        .sorted(Comparator.comparing(artifact -> artifact.id().value()))
                        .toList();
        Artifact low = ascending.get(0);
        Artifact high = ascending.get(2);

        Run upwards = insert(aRun(task).consuming(low.id(), high.id()));
        Run downwards = insert(aRun(task).consuming(ascending.get(3).id(), ascending.get(1).id()));

        assertThat(upwards.artifacts()).containsExactly(low, high);
        assertThat(downwards.artifacts()).containsExactly(ascending.get(3), ascending.get(1));
        assertThat(otherNode.runs().find(PROJECT, task.id(), upwards.id())).contains(upwards);
        assertThat(otherNode.runs().find(PROJECT, task.id(), downwards.id())).contains(downwards);
        assertThat(node.staging().find(PROJECT, task.id(), List.of(low.id(), high.id()))).isEmpty();
    }

    /** I2, H8: missing ids are named in the order asked, and nothing is consumed. */
    @Test
    public void aRunThatMissesAnArtifactConsumesNothingAndNamesAllThatAreMissing() {
        Task task = insert(aTask());
        StagedArtifact staged = stage(task);
        ArtifactId consumed = stage(task).artifact().id();
        insert(aRun(task).consuming(consumed));
        ArtifactId unknown = ArtifactId.of(UUID.randomUUID());
        ArtifactId reservedOnly = TestArtifacts.aReservation(task, clock.instant()).id();
        ArtifactId there = staged.artifact().id();

        NewRun run = aRun(task).consuming(unknown, there, consumed, reservedOnly).build();
        assertThat(node.runs().insert(PROJECT, run, Optional.empty()))
                .isEqualTo(
                        new RunInsertion.ArtifactsMissing(
                                List.of(unknown, consumed, reservedOnly)));
        assertThat(node.runs().find(PROJECT, task.id(), run.run().id())).isEmpty();
        assertThat(node.staging().find(PROJECT, task.id(), List.of(there))).containsExactly(staged);
    }

    /** I2: an artifact belongs to its task. */
    @Test
    public void anArtifactOfAnotherTaskIsMissing() {
        ArtifactId foreign = stage(insert(aTask())).artifact().id();

        assertThat(insertion(aRun(insert(aTask())).consuming(foreign)))
                .isEqualTo(new RunInsertion.ArtifactsMissing(List.of(foreign)));
    }

    /** C§H7: 24 h from finalize, and not a microsecond more. */
    @Test
    public void anExpiredArtifactIsMissing() {
        Task task = insert(aTask());
        StagedArtifact staged = stage(task);
        clock.set(staged.expiresAt());

        assertThat(insertion(aRun(task).consuming(staged.artifact().id())))
                .isEqualTo(new RunInsertion.ArtifactsMissing(List.of(staged.artifact().id())));
    }

    /** I2, J4: under concurrency exactly one run gets an upload. */
    @Test
    public void ofConcurrentRunsThatWantOneArtifactOneGetsIt() {
        Task task = insert(aTask());
        Artifact artifact = stage(task).artifact();

        List<RunInsertion> answers =
                Race.of(
                        RACING_RUNS,
                        index ->
                                nodeOf(index)
                                        .runs()
                                        .insert(
                                                PROJECT,
                                                aRun(task).consuming(artifact.id()).build(),
                                                Optional.empty()));

        assertThat(answers).filteredOn(RunInsertion.Inserted.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(
                        answer ->
                                answer.equals(
                                        new RunInsertion.ArtifactsMissing(List.of(artifact.id()))))
                .hasSize(RACING_RUNS - 1);
        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.FIRST).items())
                .singleElement()
                .satisfies(run -> assertThat(run.artifacts()).containsExactly(artifact));
    }

    /** I2: two runs that want overlapping artifacts, in either order, never share or halve them. */
    @Test
    public void ofConcurrentRunsThatWantOverlappingArtifactsOneGetsAllAndTheOtherNothing() {
        Task task = insert(aTask());
        for (int round = 0; round < ROUNDS; round++) {
            ArtifactId one = stage(task).artifact().id();
            ArtifactId shared = stage(task).artifact().id();
            ArtifactId two = stage(task).artifact().id();

            List<RunInsertion> answers =
                    Race.of(
                            2,
                            index ->
                                    nodeOf(index)
                                            .runs()
                                            .insert(
                                                    PROJECT,
                                                    index == 0
                                                            ? aRun(task)
                                                                    .consuming(one, shared)
                                                                    .build()
                                                            : aRun(task)
                                                                    .consuming(shared, two)
                                                                    .build(),
                                                    Optional.empty()));

            boolean firstWon = answers.get(0) instanceof RunInsertion.Inserted;
            assertThat(answers.get(firstWon ? 0 : 1)).isInstanceOf(RunInsertion.Inserted.class);
            assertThat(answers.get(firstWon ? 1 : 0))
                    .isEqualTo(new RunInsertion.ArtifactsMissing(List.of(shared)));
            assertThat(node.staging().find(PROJECT, task.id(), List.of(one, shared, two)))
                    .extracting(staged -> staged.artifact().id())
                    .containsExactly(firstWon ? two : one);
        }
    }

    /** J29: the first answer, whatever has become of the run since. */
    @Test
    public void aRepeatedInsertIsAnsweredAsTheFirstTime() {
        Task task = insert(aTask());
        ArtifactId artifact = stage(task).artifact().id();
        RunInsertion first =
                node.runs().insert(PROJECT, aRun(task).consuming(artifact).build(), key("k", "h"));
        TaskWithRun answer = ((RunInsertion.Inserted) first).task();
        Run run = inserted(first);
        change(run, ending(run, RunStatus.CANCELLED));

        assertThat(
                        otherNode
                                .runs()
                                .insert(
                                        PROJECT,
                                        aRun(task).consuming(artifact).build(),
                                        key("k", "h")))
                .isEqualTo(new RunInsertion.Replayed(answer));
        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.FIRST).total()).isEqualTo(1);
    }

    /** {@code insert}: a key is looked at first, then the task. */
    @Test
    public void aRepeatedInsertIsAnsweredAlsoAfterTheTaskWasDeleted() {
        Task task = insert(aTask());
        Run run = inserted(node.runs().insert(PROJECT, aRun(task).build(), key("k", "h")));
        delete(task);

        assertThat(node.runs().insert(PROJECT, aRun(task).build(), key("k", "h")))
                .isEqualTo(new RunInsertion.Replayed(new TaskWithRun(task, Optional.of(run))));
        assertThat(node.runs().insert(PROJECT, aRun(task).build(), key("k", "other")))
                .isEqualTo(new RunInsertion.KeyConflict());
    }

    /** J29: same key, different body. */
    @Test
    public void aKeyOfAnotherRequestIsAConflict() {
        Task task = insert(aTask());
        ArtifactId artifact = stage(task).artifact().id();
        node.runs().insert(PROJECT, aRun(task).build(), key("k", "h"));

        assertThat(
                        otherNode
                                .runs()
                                .insert(
                                        PROJECT,
                                        aRun(task).consuming(artifact).build(),
                                        key("k", "other")))
                .isEqualTo(new RunInsertion.KeyConflict());
        assertThat(node.staging().find(PROJECT, task.id(), List.of(artifact))).hasSize(1);
    }

    /** J29: a refusal has no effect that a key could stand for. */
    @Test
    public void aRefusedInsertDoesNotUseItsKeyUp() {
        Task task = insert(aTask());
        ArtifactId unknown = ArtifactId.of(UUID.randomUUID());

        assertThat(
                        node.runs()
                                .insert(
                                        PROJECT,
                                        aRun(task).consuming(unknown).build(),
                                        key("k", "h")))
                .isInstanceOf(RunInsertion.ArtifactsMissing.class);
        assertThat(node.runs().findAnswer(PROJECT, key("k", "h").orElseThrow())).isEmpty();
        assertThat(node.runs().insert(PROJECT, aRun(task).build(), key("k", "other")))
                .isInstanceOf(RunInsertion.Inserted.class);
    }

    /** J29, W5: one run, and everybody else gets its answer. */
    @Test
    public void concurrentInsertsUnderOneKeyMakeOneRun() {
        Task task = insert(aTask());
        ArtifactId artifact = stage(task).artifact().id();

        List<RunInsertion> answers =
                Race.of(
                        16,
                        index ->
                                nodeOf(index)
                                        .runs()
                                        .insert(
                                                PROJECT,
                                                aRun(task).consuming(artifact).build(),
                                                key("k", "h")));

        Page<Run> runs = node.runs().list(PROJECT, task.id(), PageRequest.FIRST);
        assertThat(runs.total()).isEqualTo(1);
        TaskWithRun answer = new TaskWithRun(task, Optional.of(runs.items().get(0)));
        assertThat(answers).filteredOn(new RunInsertion.Inserted(answer)::equals).hasSize(1);
        assertThat(answers).filteredOn(new RunInsertion.Replayed(answer)::equals).hasSize(15);
    }

    /** {@code findAnswer}: a repetition can be answered before anything is decided anew. */
    @Test
    public void theAnswerUnderAKeyIsFoundUntilItIsForgotten() {
        Task task = insert(aTask());
        var key = key("k", "h").orElseThrow();
        assertThat(node.runs().findAnswer(PROJECT, key)).isEmpty();

        Run run = inserted(node.runs().insert(PROJECT, aRun(task).build(), Optional.of(key)));
        TaskWithRun answer = new TaskWithRun(task, Optional.of(run));

        assertThat(otherNode.runs().findAnswer(PROJECT, key))
                .contains(new Insertion.Replayed<>(answer));
        assertThat(node.runs().findAnswer(PROJECT, key("k", "other").orElseThrow()))
                .contains(new Insertion.KeyConflict<>());
        assertThat(node.runs().findAnswer(OTHER_PROJECT, key)).isEmpty();
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(node.runs().findAnswer(PROJECT, key)).isEmpty();
    }

    /** C§D9: newest first, equal times by the greater id; I9: pages, count and order. */
    @Test
    public void runsAreListedNewestFirstInPages() {
        Task task = insert(aTask());
        Instant time = clock.instant();
        Run low = insert(aRun(task).createdAt(time).withId(RunId.of(new UUID(-1, 1))));
        Run old = insert(aRun(task).createdAt(time.minusSeconds(1)));
        Run high = insert(aRun(task).createdAt(time).withId(RunId.of(new UUID(-1, -1))));
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

    /** I9: a task with many runs loses none. */
    @Test
    public void everyOneOfManyRunsIsListedOnceAndFound() {
        Task task = insert(aTask());
        for (int i = 0; i < 60; i++) {
            insert(aRun(task).createdAt(i % 3 == 0 ? clock.instant() : clock.tick()));
        }

        List<Run> listed = node.runs().list(PROJECT, task.id(), PageRequest.FIRST).items();

        assertThat(listed).hasSize(60).isSortedAccordingTo(Run.BY_AGE.reversed());
        assertThat(listed)
                .doesNotHaveDuplicates()
                .allSatisfy(run -> assertThat(find(run)).isEqualTo(run));
    }

    /** {@code listOpen}: not ended, or owed something; oldest first. */
    @Test
    public void openAreTheRunsThatHaveNotEndedOrAreOwedSomething() {
        Task task = insert(aTask());
        Run recorded = insert(aRun(task).createdAt(clock.tick()));
        Run ended = insert(aRun(task).createdAt(clock.tick()));
        change(ended, ending(ended, RunStatus.COMPLETED));
        Run stopping = insert(aRun(task).queuedAt(clock.tick()).createdAt(clock.instant()));
        Dispatch stop = stopping.dispatch().stopping(Dispatch.StopCause.CANCELLED, clock.instant());
        Run endedAndOwed =
                change(
                        stopping,
                        edit -> ending(stopping, RunStatus.CANCELLED).apply(edit).dispatch(stop));

        assertThat(otherNode.runs().listOpen(PROJECT, task.id()))
                .containsExactly(recorded, endedAndOwed);
    }
}
