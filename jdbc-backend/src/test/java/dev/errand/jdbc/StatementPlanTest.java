package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.PlanRecorder;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/invariants.md#i13: the plans of the statements on tasks and runs on PostgreSQL. {@link
 * QueuePlanTest} has those of the queue.
 */
final class StatementPlanTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int TASKS = 3_000;
    private static final int RARE = 50;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());
    private final TestDatabase database = TestDatabase.postgresql(StatementPlanTest.class);
    private final PlanRecorder recorder = new PlanRecorder(database.dataSource());
    private Backend backend;
    private Task task;
    private StoredRun run;

    @BeforeEach
    void insertTasks() throws SQLException {
        database.reset();
        backend = JdbcBackend.builder(recorder).clock(clock).open();
        List<TaskInsertion> work = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            NewTask each =
                    aTask().createdAt(clock.tick())
                            .withOrigin(
                                    i % RARE == 0
                                            ? OriginProduct.SLACK
                                            : OriginProduct.USER_CREATED)
                            .build();
            var first =
                    aRun(each.numbered(PROJECT, 0)).withStage(i % RARE == 0 ? "rare" : "common");
            boolean queued = i % RARE == 0;
            StoredRun stored = (queued ? first.queuedAt(clock.instant()) : first).build().stored();
            work.add(new TaskInsertion(each, Optional.of(stored)));
        }
        try (Backend plain = database.open(clock)) {
            List<TaskWithLatestRun> inserted = TestTasks.insertTasks(plain.tasks(), PROJECT, work);
            task = inserted.get(RARE).task();
            run = work.get(RARE).run().orElseThrow();
        }
        execute("vacuum (analyze) errand_task, errand_run, errand_queue");
    }

    @AfterEach
    void close() {
        backend.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private PlanRecorder.Plan plan(Runnable call) {
        List<PlanRecorder.Plan> plans = recorder.record(call);
        assertThat(plans).hasSize(1);
        return plans.get(0);
    }

    private static void assertReadsAtMost(int rows, PlanRecorder.Plan plan, String... indexes) {
        assertThat(plan.text()).doesNotContain("Seq Scan");
        assertThat(List.of(indexes)).allSatisfy(index -> assertThat(plan.text()).contains(index));
        assertThat(plan.mostRows()).as("rows of%n%s", plan.text()).isLessThanOrEqualTo(rows);
    }

    @Test
    void aTaskIsFoundByItsKeyWithTheNewestOfItsRuns() {
        assertReadsAtMost(
                1,
                plan(() -> backend.tasks().find(PROJECT, task.id())),
                "errand_task_pkey",
                "errand_run_of_task");
    }

    @Test
    void aRunIsFoundByItsKey() {
        assertReadsAtMost(
                1,
                plan(() -> backend.runs().find(PROJECT, task.id(), run.id())),
                "errand_run_pkey",
                "errand_task_pkey",
                "errand_queue_pkey");
        assertReadsAtMost(
                1,
                plan(() -> backend.runs().findIncludingDeleted(PROJECT, task.id(), run.id())),
                "errand_run_pkey",
                "errand_queue_pkey");
    }

    @Test
    void theRunsOfATaskAreReadAlongTheirIndex() {
        assertReadsAtMost(
                1,
                plan(() -> backend.runs().list(PROJECT, task.id(), PageRequest.FIRST)),
                "errand_run_of_task");
        assertReadsAtMost(
                1,
                plan(() -> backend.runs().listOpen(PROJECT, task.id())),
                "errand_run_of_task",
                "errand_queue_pkey");
    }

    /** The queue entry is locked before the run is written; both are found by their keys. */
    @Test
    void anUpdateFindsTheRunAndItsQueueEntryByTheirKeys() {
        Run staged = run.run().change(clock.instant()).stage(Optional.of("build")).build();
        RunChange entryUnchanged = RunChange.of(run, run.withRun(staged));
        RunChange ended =
                RunChange.of(
                        run,
                        StoredRun.withoutEntry(
                                run.run()
                                        .change(clock.instant())
                                        .endedWith(RunStatus.COMPLETED, EndReason.REPORTED)
                                        .build()));
        assertReadsAtMost(
                1, plan(() -> backend.runs().update(PROJECT, entryUnchanged)), "errand_run_pkey");
        PlanRecorder.Plan stale =
                recorder.record(() -> backend.runs().update(PROJECT, ended)).get(0);
        assertReadsAtMost(1, stale, "errand_run_pkey", "errand_queue_pkey", "LockRows");
    }

    @Test
    void anInsertedRunFindsTheNewestRunOfItsTaskAlongTheIndex() throws SQLException {
        for (int i = 0; i < 100; i++) {
            backend.runs()
                    .insert(PROJECT, aRun(task).createdAt(clock.tick()).build(), Optional.empty());
        }
        execute("vacuum (analyze) errand_run");
        Idempotency key = new Idempotency("user:1", "POST", "k", "hash");
        RunChange change =
                RunChange.of(run, run.withRun(run.run().change(clock.instant()).build()))
                        .withKey(Optional.of(key));

        List<PlanRecorder.Plan> plans =
                recorder.record(() -> backend.runs().update(PROJECT, change));

        assertThat(plans).isNotEmpty().allSatisfy(plan -> assertReadsAtMost(1, plan));
    }

    @Test
    void aPageIsReadAlongTheIndexOfItsFilter() {
        assertPage(TaskFilter.DEFAULT, "errand_task_newest");
        assertPage(
                filter(Optional.of("slack"), Optional.empty(), Optional.empty()),
                "errand_task_origin");
        assertPage(TaskFilter.ALL, "errand_task_all");
    }

    /**
     * Regression test: pages of a common stage were planned each time, and those of a rare stage
     * read all tasks.
     */
    @ParameterizedTest
    @ValueSource(strings = {"common", "rare", "unknown"})
    void aPageOfAStageIsReadAlongItsIndexForAnyValue(String stage) {
        assertPage(
                filter(Optional.empty(), Optional.of(stage), Optional.empty()), "errand_run_stage");
    }

    @ParameterizedTest
    @ValueSource(strings = {"not_started", "queued", "failed"})
    void aPageOfAStatusIsReadAlongItsIndexForAnyValue(String status) {
        assertPage(
                filter(Optional.empty(), Optional.empty(), RunStatus.fromWire(status)),
                "errand_run_status");
    }

    private void assertPage(TaskFilter filter, String index) {
        TaskPosition middle = TaskPosition.of(task);
        for (Optional<TaskPosition> after :
                List.of(Optional.<TaskPosition>empty(), Optional.of(middle))) {
            PlanRecorder.Plan page =
                    plan(() -> backend.tasks().listAfter(PROJECT, filter, after, 10));
            assertReadsAtMost(10, page, index);
        }
    }

    @Test
    void tasksAreListedByTheirKeys() {
        assertReadsAtMost(
                1,
                plan(
                        () ->
                                backend.tasks()
                                        .listByIds(PROJECT, Set.of(task.id()), PageRequest.FIRST)),
                "errand_task_pkey",
                "errand_run_of_task");
    }

    private static TaskFilter filter(
            Optional<String> origin, Optional<String> stage, Optional<RunStatus> status) {
        return new TaskFilter(
                false,
                Optional.empty(),
                Optional.empty(),
                origin,
                Optional.empty(),
                Optional.empty(),
                stage,
                status);
    }
}
