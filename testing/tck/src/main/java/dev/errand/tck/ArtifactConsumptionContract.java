package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for the consumption of staged artifacts by {@link RunStore#insert}
 * (docs/invariants.md#i2, docs/wire/artifacts.md#h): a run consumes all its artifacts atomically,
 * and each artifact is consumed by one run only.
 */
public abstract class ArtifactConsumptionContract extends StorageContract {

    private static final int RACING_RUNS = 32;
    private static final int ROUNDS = 40;

    /** Constructor for subclasses. */
    protected ArtifactConsumptionContract() {}

    /**
     * docs/invariants.md#i2, docs/wire/artifacts.md#a4, #h8: the manifest contains the staged
     * artifacts unchanged, in request order.
     */
    @Test
    public void consumedArtifactsFormTheManifestInRequestOrder() {
        Task task = insert(aTask());
        List<Artifact> ascending =
                Stream.generate(() -> stage(task).artifact())
                        .limit(4)
                        .sorted(Comparator.comparing(artifact -> artifact.id().value()))
                        .toList();
        Artifact low = ascending.get(0);
        Artifact high = ascending.get(2);

        StoredRun upwards = insert(aRun(task).consuming(low.id(), high.id()));
        StoredRun downwards =
                insert(aRun(task).consuming(ascending.get(3).id(), ascending.get(1).id()));

        assertThat(upwards.run().artifacts()).containsExactly(low, high);
        assertThat(downwards.run().artifacts()).containsExactly(ascending.get(3), ascending.get(1));
        assertThat(otherNode.runs().find(PROJECT, task.id(), upwards.id())).contains(upwards);
        assertThat(otherNode.runs().find(PROJECT, task.id(), downwards.id())).contains(downwards);
        assertThat(node.staging().find(PROJECT, task.id(), List.of(low.id(), high.id()))).isEmpty();
    }

    /**
     * docs/invariants.md#i2, docs/wire/artifacts.md#h8: the result contains the missing ids in
     * request order, and nothing is consumed.
     */
    @Test
    public void aRunWithMissingArtifactsConsumesNoneAndNamesThem() {
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
                        new RunInsertResult.ArtifactsNotFound(
                                List.of(unknown, consumed, reservedOnly)));
        assertThat(node.runs().find(PROJECT, task.id(), run.run().id())).isEmpty();
        assertThat(node.staging().find(PROJECT, task.id(), List.of(there))).containsExactly(staged);
    }

    /** docs/invariants.md#i2: an artifact belongs to its task. */
    @Test
    public void anArtifactOfAnotherTaskIsMissing() {
        ArtifactId foreign = stage(insert(aTask())).artifact().id();

        assertThat(insertion(aRun(insert(aTask())).consuming(foreign)))
                .isEqualTo(new RunInsertResult.ArtifactsNotFound(List.of(foreign)));
    }

    /** docs/wire/artifacts.md#h7: a staged artifact expires exactly 24 h after it was finalized. */
    @Test
    public void anExpiredArtifactIsMissing() {
        Task task = insert(aTask());
        StagedArtifact staged = stage(task);
        clock.set(staged.expiresAt());

        assertThat(insertion(aRun(task).consuming(staged.artifact().id())))
                .isEqualTo(new RunInsertResult.ArtifactsNotFound(List.of(staged.artifact().id())));
    }

    /**
     * docs/invariants.md#i2, docs/wire/guarantees.md#j4: of concurrent runs exactly one consumes an
     * artifact.
     */
    @Test
    public void oneOfConcurrentRunsConsumesAnArtifact() {
        Task task = insert(aTask());
        Artifact artifact = stage(task).artifact();

        List<RunInsertResult> answers =
                ConcurrentCalls.of(
                        RACING_RUNS,
                        index ->
                                nodeOf(index)
                                        .runs()
                                        .insert(
                                                PROJECT,
                                                aRun(task).consuming(artifact.id()).build(),
                                                Optional.empty()));

        assertThat(answers).filteredOn(RunInsertResult.Inserted.class::isInstance).hasSize(1);
        assertThat(answers)
                .filteredOn(
                        answer ->
                                answer.equals(
                                        new RunInsertResult.ArtifactsNotFound(
                                                List.of(artifact.id()))))
                .hasSize(RACING_RUNS - 1);
        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.FIRST).items())
                .singleElement()
                .satisfies(run -> assertThat(run.artifacts()).containsExactly(artifact));
    }

    /**
     * docs/invariants.md#i2: of two runs that request overlapping artifacts, in either order, each
     * consumes all or none, and no artifact is consumed twice.
     */
    @Test
    public void overlappingConcurrentRunsConsumeAllOrNothing() {
        Task task = insert(aTask());
        for (int round = 0; round < ROUNDS; round++) {
            ArtifactId one = stage(task).artifact().id();
            ArtifactId shared = stage(task).artifact().id();
            ArtifactId two = stage(task).artifact().id();

            List<RunInsertResult> answers =
                    ConcurrentCalls.of(
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

            boolean firstWon = answers.get(0) instanceof RunInsertResult.Inserted;
            assertThat(answers.get(firstWon ? 0 : 1)).isInstanceOf(RunInsertResult.Inserted.class);
            assertThat(answers.get(firstWon ? 1 : 0))
                    .isEqualTo(new RunInsertResult.ArtifactsNotFound(List.of(shared)));
            assertThat(node.staging().find(PROJECT, task.id(), List.of(one, shared, two)))
                    .extracting(staged -> staged.artifact().id())
                    .containsExactly(firstWon ? two : one);
        }
    }

    /**
     * docs/invariants.md#i2, docs/wire/idempotency-and-limits.md#j29: an insert with a key consumes
     * artifacts in the same way.
     */
    @Test
    public void aRunInsertedUnderAKeyConsumesArtifacts() {
        Task task = insert(aTask());
        StagedArtifact staged = stage(task);
        ArtifactId id = staged.artifact().id();

        Run run =
                inserted(
                        node.runs()
                                .insert(PROJECT, aRun(task).consuming(id).build(), key("k", "h")));

        assertThat(run.artifacts()).containsExactly(staged.artifact());
        assertThat(otherNode.runs().find(PROJECT, task.id(), run.id()))
                .contains(StoredRun.withoutEntry(run));
        assertThat(otherNode.staging().find(PROJECT, task.id(), List.of(id))).isEmpty();
    }
}
