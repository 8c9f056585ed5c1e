package dev.errand.tck;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aFullTask;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.PageRequest;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Contract tests for implementations of {@link TaskStore}: single tasks. Lists are tested by {@link
 * TaskListContract}, keys by {@link IdempotencyContract}.
 */
public abstract class TaskStoreContract extends StorageContract {

    private static final int INSERTING_THREADS = 64;
    private static final int INSERTS_PER_THREAD = 10;

    /** Constructor for subclasses. */
    protected TaskStoreContract() {}

    /**
     * docs/invariants.md#i1, docs/wire/tasks.md#a8: each project has its own consecutive task
     * numbers.
     */
    @Test
    public void numbersStartAtZeroAndIncreaseByOneInEachProject() {
        assertThat(insert(PROJECT, aTask()).number()).isZero();
        assertThat(insert(PROJECT, aTask()).number()).isEqualTo(1);
        assertThat(insert(OTHER_PROJECT, aTask()).number()).isZero();
        assertThat(insert(PROJECT, aTask()).number()).isEqualTo(2);
    }

    /**
     * docs/invariants.md#i1, docs/wire/tasks.md#a8, docs/wire/guarantees.md#j1: concurrent inserts
     * leave no gap in the numbers.
     */
    @Test
    public void concurrentInsertsGetContiguousNumbers() {
        List<List<Task>> inserted =
                ConcurrentCalls.of(
                        INSERTING_THREADS,
                        index -> {
                            List<Task> own = new ArrayList<>();
                            for (int i = 0; i < INSERTS_PER_THREAD; i++) {
                                own.add(
                                        inserted(
                                                TestTasks.insertTask(
                                                        nodeOf(index).tasks(),
                                                        PROJECT,
                                                        aTask().build(),
                                                        Optional.empty())));
                            }
                            return own;
                        });

        int all = INSERTING_THREADS * INSERTS_PER_THREAD;
        assertThat(inserted.stream().flatMap(List::stream).map(Task::number))
                .containsExactlyInAnyOrderElementsOf(LongStream.range(0, all).boxed().toList());
        assertThat(inserted).allSatisfy(own -> assertThat(own).extracting(Task::number).isSorted());
        assertThat(node.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total())
                .isEqualTo(all);
        assertThat(inserted.stream().flatMap(List::stream))
                .allSatisfy(task -> assertThat(found(task)).contains(task));
    }

    /** docs/wire/tasks.md#a8: the number of a deleted task is not assigned again. */
    @Test
    public void theNumberOfADeletedTaskIsNotReused() {
        delete(insert(aTask()));

        assertThat(insert(aTask()).number()).isEqualTo(1);
    }

    /** docs/invariants.md#i10: a task is stored unchanged. */
    @Test
    public void aTaskIsFoundAsItWasInserted() {
        NewTask full = aFullTask().createdAt(Instant.parse("2026-05-06T08:12:44.1Z")).build();

        Task inserted =
                inserted(TestTasks.insertTask(node.tasks(), PROJECT, full, Optional.empty()));

        assertThat(inserted).isEqualTo(full.numbered(PROJECT, 0));
        assertThat(otherNode.tasks().find(PROJECT, full.id()))
                .contains(new TaskWithLatestRun(inserted, Optional.empty()));
    }

    /**
     * docs/invariants.md#i10, docs/wire/conventions.md#conventions: times have six fraction digits.
     */
    @Test
    public void timesHaveMicrosecondPrecision() {
        Task task = insert(aTask().createdAt(Instant.parse("2026-05-06T08:12:44.123456789Z")));

        assertThat(found(task).orElseThrow().createdAt())
                .isEqualTo(Instant.parse("2026-05-06T08:12:44.123456Z"));
    }

    /**
     * docs/wire/tasks.md#a9: the latest run is the one with the latest creation time, in whichever
     * order runs were inserted.
     */
    @Test
    public void aTaskIsReturnedWithItsLatestRun() {
        Task task = insert(aTask());
        StoredRun later = insert(aRun(task).createdAt(clock.tick()));
        insert(aRun(task).createdAt(task.createdAt()));

        assertThat(node.tasks().find(PROJECT, task.id()).orElseThrow().latestRun())
                .contains(later.run());
    }

    /**
     * docs/wire/tasks.md#a9: of runs with equal creation time the one with the greater id is the
     * latest. Ids are compared as unsigned values.
     */
    @Test
    public void theGreaterIdBreaksTiesForTheLatestRun() {
        Task task = insert(aTask());
        StoredRun greater = insert(aRun(task).withId(RunId.of(new UUID(-1, -1))));
        insert(aRun(task).withId(RunId.of(new UUID(1, 1))));
        insert(aRun(task).withId(RunId.of(new UUID(-1, 1))));

        assertThat(node.tasks().find(PROJECT, task.id()).orElseThrow().latestRun())
                .contains(greater.run());
    }

    /** docs/wire/tasks.md#a9: the latest run is returned in its current version. */
    @Test
    public void theLatestRunIsReturnedInItsCurrentState() {
        Task task = insert(aTask());
        StoredRun run = insert(aRun(task));
        StoredRun ended = end(run, RunStatus.FAILED);

        assertThat(otherNode.tasks().find(PROJECT, task.id()))
                .contains(new TaskWithLatestRun(task, Optional.of(ended.run())));
    }

    /** {@code find}: reads a task and its latest run atomically. */
    @Test
    public void aTaskAndItsLatestRunAreReadConsistently() {
        Task task = insert(aTask().withTitle("0"));
        AtomicBoolean writing = new AtomicBoolean(true);

        ConcurrentCalls.of(
                3,
                index -> {
                    if (index == 0) {
                        try {
                            addRunsAndCountThemInTheTitle(task);
                        } finally {
                            writing.set(false);
                        }
                        return index;
                    }
                    while (writing.get()) {
                        TaskWithLatestRun row =
                                nodeOf(index).tasks().find(PROJECT, task.id()).orElseThrow();
                        int counted = Integer.parseInt(row.task().details().title());
                        int latest =
                                row.latestRun()
                                        .flatMap(Run::stage)
                                        .map(Integer::parseInt)
                                        .orElse(0);
                        assertThat(latest).isBetween(counted, counted + 1);
                    }
                    return index;
                });
    }

    private void addRunsAndCountThemInTheTitle(Task task) {
        Task latest = task;
        for (int i = 1; i <= 300; i++) {
            insert(aRun(task).withStage("" + i).createdAt(clock.tick()));
            latest = latest.withDetails(aTask().withTitle("" + i).details(), clock.instant());
            assertThat(node.tasks().update(PROJECT, latest))
                    .isInstanceOf(TaskUpdateResult.Updated.class);
        }
    }

    /** {@code update}: stores the next version. */
    @Test
    public void anUpdateOfTheCurrentVersionIsStored() {
        Task task = insert(aTask());
        Task next = task.withDetails(aFullTask().details(), clock.instant());

        assertThat(node.tasks().update(PROJECT, next))
                .isEqualTo(new TaskUpdateResult.Updated(next));
        assertThat(otherNode.tasks().find(PROJECT, task.id()).map(TaskWithLatestRun::task))
                .contains(next);
    }

    /** {@code find}: returns the current version after repeated calls. */
    @Test
    public void aTaskIsFoundInItsCurrentState() {
        Task task = insert(aTask());
        assertThat(node.tasks().find(PROJECT, task.id())).isPresent();
        assertThat(otherNode.tasks().find(PROJECT, task.id())).isPresent();
        Task next = task.withDetails(aFullTask().details(), clock.instant());
        node.tasks().update(PROJECT, next);

        assertThat(node.tasks().find(PROJECT, task.id()).map(TaskWithLatestRun::task))
                .contains(next);
        assertThat(otherNode.tasks().find(PROJECT, task.id()).map(TaskWithLatestRun::task))
                .contains(next);
    }

    /** docs/invariants.md#i4; {@code update}: a retry returns {@code Stale}. */
    @Test
    public void anUpdateOfAnOlderVersionIsStale() {
        Task task = insert(aTask());
        Task next = task.withDetails(aTask().withTitle("new").details(), clock.instant());
        node.tasks().update(PROJECT, next);

        Task late = task.withDetails(aTask().withTitle("late").details(), clock.tick());
        assertThat(otherNode.tasks().update(PROJECT, late)).isEqualTo(new TaskUpdateResult.Stale());
        assertThat(node.tasks().update(PROJECT, next)).isEqualTo(new TaskUpdateResult.Stale());
        assertThat(found(task)).contains(next);
    }

    /** docs/invariants.md#i4: of concurrent updates of one version, one succeeds. */
    @Test
    public void oneOfConcurrentUpdatesIsStored() {
        Task task = insert(aTask());

        List<TaskUpdateResult> answers =
                ConcurrentCalls.of(
                        16,
                        index ->
                                nodeOf(index)
                                        .tasks()
                                        .update(
                                                PROJECT,
                                                task.withDetails(
                                                        aTask().withTitle("by " + index).details(),
                                                        clock.instant())));

        assertThat(answers).filteredOn(TaskUpdateResult.Updated.class::isInstance).hasSize(1);
        assertThat(answers).filteredOn(TaskUpdateResult.Stale.class::isInstance).hasSize(15);
        assertThat(answers).contains(new TaskUpdateResult.Updated(found(task).orElseThrow()));
    }

    /** {@code update}: returns {@code NotFound} for an unknown task. */
    @Test
    public void anUnknownTaskCannotBeUpdated() {
        Task task = insert(aTask());
        Task unknown = aTask().build().numbered(PROJECT, task.number());

        assertThat(node.tasks().update(PROJECT, unknown.markDeleted(clock.instant())))
                .isEqualTo(new TaskUpdateResult.NotFound());
    }

    /** docs/wire/tasks.md#a10: a deleted task cannot be read. */
    @Test
    public void aDeletedTaskIsNotFound() {
        Task task = insert(aTask());
        Task kept = insert(aTask());
        delete(task);

        assertThat(otherNode.tasks().find(PROJECT, task.id())).isEmpty();
        assertThat(node.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total())
                .isEqualTo(1);
        assertThat(node.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).items())
                .extracting(row -> row.task().id())
                .containsExactly(kept.id());
        assertThat(node.tasks().listAfter(PROJECT, TaskFilter.DEFAULT, Optional.empty(), 10))
                .extracting(row -> row.task().id())
                .containsExactly(kept.id());
    }

    /** docs/wire/tasks.md#a10: a second DELETE is 404. */
    @Test
    public void aDeletedTaskCannotBeUpdatedOrDeletedAgain() {
        Task task = insert(aTask());
        Task deleted = task.markDeleted(clock.instant());
        node.tasks().update(PROJECT, deleted);

        assertThat(otherNode.tasks().update(PROJECT, task.markDeleted(clock.tick())))
                .isEqualTo(new TaskUpdateResult.NotFound());
        assertThat(
                        node.tasks()
                                .update(
                                        PROJECT,
                                        deleted.withDetails(aTask().details(), clock.tick())))
                .isEqualTo(new TaskUpdateResult.NotFound());
    }

    /**
     * docs/invariants.md#i5, docs/wire/conventions.md#a1: a task cannot be accessed from another
     * project, even with the correct id.
     */
    @Test
    public void aTaskIsIsolatedFromOtherProjects() {
        Task task = insert(aTask());
        insert(OTHER_PROJECT, aTask());

        assertThat(node.tasks().find(OTHER_PROJECT, task.id())).isEmpty();
        assertThat(node.tasks().update(OTHER_PROJECT, task.markDeleted(clock.instant())))
                .isEqualTo(new TaskUpdateResult.NotFound());
        assertThat(node.tasks().list(OTHER_PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).items())
                .extracting(row -> row.task().project())
                .containsExactly(OTHER_PROJECT);
        assertThat(found(task)).contains(task);
    }

    /** {@code find}: returns empty for an unknown task. */
    @Test
    public void anUnknownTaskIsNotFound() {
        insert(aTask());

        assertThat(node.tasks().find(PROJECT, TaskId.of(UUID.randomUUID()))).isEmpty();
    }

    private Optional<Task> found(Task task) {
        return node.tasks().find(task.project(), task.id()).map(TaskWithLatestRun::task);
    }
}
