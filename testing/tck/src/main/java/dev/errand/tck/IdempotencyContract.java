package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aFullTask;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for inserts with an idempotency key (docs/wire/idempotency-and-limits.md#j29,
 * docs/architecture.md#w5): {@link TaskStore#insert}, {@link RunStore#insert}. Updates of runs are
 * tested by {@link LeasedUpdateContract}, appends to logs by {@link RunLogContract}.
 */
public abstract class IdempotencyContract extends StorageContract {

    /** Constructor for subclasses. */
    protected IdempotencyContract() {}

    /**
     * docs/wire/idempotency-and-limits.md#j29: returns the first answer, even if the task has
     * changed since.
     */
    @Test
    public void aRepeatedTaskInsertReturnsTheFirstAnswer() {
        NewTask first = aFullTask().build();
        Task task = inserted(TestTasks.insertTask(node.tasks(), PROJECT, first, key("k", "hash")));
        node.tasks().update(PROJECT, task.withDetails(aTask().details(), clock.tick()));

        assertThat(
                        TestTasks.insertTask(
                                otherNode.tasks(), PROJECT, aFullTask().build(), key("k", "hash")))
                .isEqualTo(new InsertResult.Replayed<>(task));
        assertThat(insert(aTask()).number()).isEqualTo(1);
    }

    /** The request decides what a repetition is, not the method that received it first. */
    @Test
    public void aKeyIsSharedByTheMethodsThatStoreTheirAnswer() {
        Task task =
                inserted(
                        TestTasks.insertTask(
                                node.tasks(), PROJECT, aTask().build(), key("k", "h")));
        TaskWithLatestRun first = new TaskWithLatestRun(task, Optional.empty());
        StoredRun run = insert(aRun(task));

        assertThat(otherNode.runs().insert(PROJECT, aRun(task).build(), key("k", "h")))
                .isEqualTo(new RunInsertResult.Replayed(first));
        assertThat(otherNode.runs().update(PROJECT, changeOf(run, it -> it).withKey(key("k", "h"))))
                .isEqualTo(new RunUpdateResult.Replayed(first));
        assertThat(otherNode.runs().insert(PROJECT, aRun(task).build(), key("k", "other")))
                .isEqualTo(new RunInsertResult.KeyConflict());
        assertThat(append(run, key("k", "h"))).isEqualTo(new RunLog.KeyConflict());
    }

    /** An append stores no answer, so that its key conflicts with every other request. */
    @Test
    public void theKeyOfAnAppendConflictsWithOtherMethods() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        append(run, key("k", "h"));

        assertThat(otherNode.runs().insert(PROJECT, aRun(task).build(), key("k", "h")))
                .isEqualTo(new RunInsertResult.KeyConflict());
        assertThat(TestTasks.insertTask(otherNode.tasks(), PROJECT, aTask().build(), key("k", "h")))
                .isEqualTo(new InsertResult.KeyConflict<>());
        assertThat(node.runs().findStoredResult(PROJECT, key("k", "h").orElseThrow()))
                .contains(new StoredResult.KeyConflict());
    }

    private RunLog.AppendResult append(StoredRun run, Optional<Idempotency> key) {
        return node.log().append(PROJECT, run.id(), Optional.empty(), List.of(), key);
    }

    /**
     * {@code findStoredResult}: returns the stored answer of a key before the request is evaluated
     * again.
     */
    @Test
    public void theTaskOfAKeyIsFoundUntilTheKeyExpires() {
        Idempotency key = key("k", "h").orElseThrow();
        assertThat(node.runs().findStoredResult(PROJECT, key)).isEmpty();

        Task task =
                inserted(
                        TestTasks.insertTask(
                                node.tasks(), PROJECT, aTask().build(), Optional.of(key)));

        assertThat(otherNode.runs().findStoredResult(PROJECT, key))
                .contains(new StoredResult.Replayed(new TaskWithLatestRun(task, Optional.empty())));
        assertThat(node.runs().findStoredResult(PROJECT, key("k", "other").orElseThrow()))
                .contains(new StoredResult.KeyConflict());
        assertThat(node.runs().findStoredResult(OTHER_PROJECT, key)).isEmpty();
        clock.advance(Idempotency.KEPT_FOR.plusSeconds(1));
        assertThat(node.runs().findStoredResult(PROJECT, key)).isEmpty();
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: returns the first answer, even if the task has been
     * deleted since.
     */
    @Test
    public void aRepeatedTaskInsertReturnsADeletedTask() {
        Task task =
                inserted(
                        TestTasks.insertTask(
                                node.tasks(), PROJECT, aTask().build(), key("k", "hash")));
        delete(task);

        assertThat(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("k", "hash")))
                .isEqualTo(new InsertResult.Replayed<>(task));
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: the same key with a different body is a conflict.
     */
    @Test
    public void aTaskUnderTheKeyOfAnotherRequestIsAConflict() {
        TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("k", "hash"));

        assertThat(
                        TestTasks.insertTask(
                                otherNode.tasks(), PROJECT, aTask().build(), key("k", "other")))
                .isEqualTo(new InsertResult.KeyConflict<>());
        assertThat(node.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total())
                .isEqualTo(1);
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29, docs/invariants.md#i5: a request is identified by
     * project, caller, operation and key together.
     */
    @Test
    public void theSameKeyOfAnotherCallerOperationOrProjectIsAnotherKey() {
        Idempotency key = key("k", "hash").orElseThrow();
        TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), Optional.of(key));

        assertThat(
                        List.of(
                                insertUnder(key.caller() + "0", key.operation(), key.key()),
                                insertUnder(key.caller(), key.operation() + "x/", key.key()),
                                insertUnder(key.caller(), key.operation(), key.key() + "2")))
                .hasOnlyElementsOfType(InsertResult.Inserted.class);
        assertThat(
                        TestTasks.insertTask(
                                node.tasks(), OTHER_PROJECT, aTask().build(), Optional.of(key)))
                .isInstanceOf(InsertResult.Inserted.class);
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29, docs/architecture.md#w5: one call inserts, and all
     * others return its result.
     */
    @Test
    public void concurrentInsertsUnderOneKeyCreateOneTask() {
        List<InsertResult<Task>> answers =
                ConcurrentCalls.of(
                        16,
                        index ->
                                TestTasks.insertTask(
                                        nodeOf(index).tasks(),
                                        PROJECT,
                                        aTask().build(),
                                        key("k", "hash")));

        assertThat(answers).filteredOn(InsertResult.Inserted.class::isInstance).hasSize(1);
        Task task =
                inserted(
                        answers.stream()
                                .filter(InsertResult.Inserted.class::isInstance)
                                .findFirst()
                                .orElseThrow());
        assertThat(answers)
                .filteredOn(answer -> answer.equals(new InsertResult.Replayed<>(task)))
                .hasSize(15);
        assertThat(node.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total())
                .isEqualTo(1);
    }

    /** docs/wire/idempotency-and-limits.md#j29: a key expires after 24 h. */
    @Test
    public void aKeyExpiresAfterADay() {
        Task task =
                inserted(
                        TestTasks.insertTask(
                                node.tasks(), PROJECT, aTask().build(), key("k", "hash")));

        clock.advance(Idempotency.KEPT_FOR.minus(Duration.ofSeconds(1)));
        assertThat(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("k", "hash")))
                .isEqualTo(new InsertResult.Replayed<>(task));
        clock.advance(Duration.ofSeconds(2));
        assertThat(TestTasks.insertTask(node.tasks(), PROJECT, aTask().build(), key("k", "other")))
                .isInstanceOf(InsertResult.Inserted.class);
    }

    private InsertResult<Task> insertUnder(String caller, String operation, String key) {
        return TestTasks.insertTask(
                node.tasks(),
                PROJECT,
                aTask().build(),
                Optional.of(new Idempotency(caller, operation, key, "hash")));
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: returns the first answer, even if the run has
     * changed since.
     */
    @Test
    public void aRepeatedRunInsertReturnsTheFirstAnswer() {
        Task task = insert(aTask());
        ArtifactId artifact = stage(task).artifact().id();
        RunInsertResult first =
                node.runs().insert(PROJECT, aRun(task).consuming(artifact).build(), key("k", "h"));
        TaskWithLatestRun answer = ((RunInsertResult.Inserted) first).task();
        Run run = inserted(first);
        end(StoredRun.withoutEntry(run), RunStatus.CANCELLED);

        assertThat(
                        otherNode
                                .runs()
                                .insert(
                                        PROJECT,
                                        aRun(task).consuming(artifact).build(),
                                        key("k", "h")))
                .isEqualTo(new RunInsertResult.Replayed(answer));
        assertThat(node.runs().list(PROJECT, task.id(), PageRequest.FIRST).total()).isEqualTo(1);
    }

    /** {@code insert}: the key is checked before the task. */
    @Test
    public void aRepeatedRunInsertReturnsTheRunOfADeletedTask() {
        Task task = insert(aTask());
        Run run = inserted(node.runs().insert(PROJECT, aRun(task).build(), key("k", "h")));
        delete(task);

        assertThat(node.runs().insert(PROJECT, aRun(task).build(), key("k", "h")))
                .isEqualTo(
                        new RunInsertResult.Replayed(
                                new TaskWithLatestRun(task, Optional.of(run))));
        assertThat(node.runs().insert(PROJECT, aRun(task).build(), key("k", "other")))
                .isEqualTo(new RunInsertResult.KeyConflict());
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29: the same key with a different body is a conflict.
     */
    @Test
    public void aRunUnderTheKeyOfAnotherRequestIsAConflict() {
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
                .isEqualTo(new RunInsertResult.KeyConflict());
        assertThat(node.staging().find(PROJECT, task.id(), List.of(artifact))).hasSize(1);
    }

    /** docs/wire/idempotency-and-limits.md#j29: a rejected request does not store its key. */
    @Test
    public void aRejectedInsertDoesNotUseItsKey() {
        Task task = insert(aTask());
        ArtifactId unknown = ArtifactId.of(UUID.randomUUID());

        assertThat(
                        node.runs()
                                .insert(
                                        PROJECT,
                                        aRun(task).consuming(unknown).build(),
                                        key("k", "h")))
                .isInstanceOf(RunInsertResult.ArtifactsNotFound.class);
        assertThat(node.runs().findStoredResult(PROJECT, key("k", "h").orElseThrow())).isEmpty();
        assertThat(node.runs().insert(PROJECT, aRun(task).build(), key("k", "other")))
                .isInstanceOf(RunInsertResult.Inserted.class);
    }

    /**
     * docs/wire/idempotency-and-limits.md#j29, docs/architecture.md#w5: one call inserts a run, and
     * all others return its result.
     */
    @Test
    public void concurrentInsertsUnderOneKeyCreateOneRun() {
        Task task = insert(aTask());
        ArtifactId artifact = stage(task).artifact().id();

        List<RunInsertResult> answers =
                ConcurrentCalls.of(
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
        TaskWithLatestRun answer = new TaskWithLatestRun(task, Optional.of(runs.items().get(0)));
        assertThat(answers).filteredOn(new RunInsertResult.Inserted(answer)::equals).hasSize(1);
        assertThat(answers).filteredOn(new RunInsertResult.Replayed(answer)::equals).hasSize(15);
    }

    /**
     * {@code findStoredResult}: returns the stored answer of a key before the request is evaluated
     * again.
     */
    @Test
    public void theRunOfAKeyIsFoundUntilTheKeyExpires() {
        Task task = insert(aTask());
        var key = key("k", "h").orElseThrow();
        assertThat(node.runs().findStoredResult(PROJECT, key)).isEmpty();

        Run run = inserted(node.runs().insert(PROJECT, aRun(task).build(), Optional.of(key)));
        TaskWithLatestRun answer = new TaskWithLatestRun(task, Optional.of(run));

        assertThat(otherNode.runs().findStoredResult(PROJECT, key))
                .contains(new StoredResult.Replayed(answer));
        assertThat(node.runs().findStoredResult(PROJECT, key("k", "other").orElseThrow()))
                .contains(new StoredResult.KeyConflict());
        assertThat(node.runs().findStoredResult(OTHER_PROJECT, key)).isEmpty();
        clock.advance(Duration.ofHours(24).plusSeconds(1));
        assertThat(node.runs().findStoredResult(PROJECT, key)).isEmpty();
    }
}
