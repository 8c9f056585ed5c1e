package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md#i13: the plans of the statements of the queue on PostgreSQL. Each is the
 * generic plan, which PostgreSQL makes without the values of the parameters and then keeps.
 */
final class QueuePlanTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int RUNS = 3_000;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());
    private final TestDatabase database = TestDatabase.postgresql(QueuePlanTest.class);
    private Backend backend;
    private Connection connection;
    private Statement statement;

    @BeforeEach
    void insertRuns() throws SQLException {
        database.reset();
        backend = database.open(clock);
        TestTasks.insertTasks(
                backend.tasks(), PROJECT, Stream.generate(this::work).limit(RUNS).toList());
        connection = database.dataSource().getConnection();
        statement = connection.createStatement();
        statement.execute("vacuum analyze");
        statement.execute("set plan_cache_mode = force_generic_plan");
    }

    @AfterEach
    void close() throws SQLException {
        statement.execute("deallocate all");
        statement.execute("reset plan_cache_mode");
        connection.close();
        backend.close();
    }

    private TaskInsertion work() {
        NewTask task = aTask().build();
        NewRun run = aRun(task.numbered(PROJECT, 0)).queuedAt(clock.tick()).build();
        return new TaskInsertion(task, Optional.of(run.stored()));
    }

    @Test
    void aClaimInAProjectReadsTheQueueInOrder() throws SQLException {
        assertThat(plan(PostgresQueueSql.CLAIM_IN_PROJECT))
                .contains("errand_queue_order", "errand_queue_pkey", "errand_run_pkey")
                .doesNotContain("Seq Scan", "Sort Key: q_3.due_at");
    }

    @Test
    void aClaimInAllProjectsReadsTheQueueInOrder() throws SQLException {
        assertThat(plan(PostgresQueueSql.CLAIM_IN_TURN))
                .contains("errand_queue_order", "errand_queue_pkey", "errand_run_pkey")
                .doesNotContain("Seq Scan");
    }

    @Test
    void settlingFindsRunsByTheirKeys() throws SQLException {
        assertThat(plan(PostgresQueueSql.SETTLE))
                .contains("errand_queue_pkey", "errand_run_pkey")
                .doesNotContain("Seq Scan", "errand_queue_order");
        assertThat(plan(PostgresQueueSql.SETTLE_AND_CLAIM_IN_PROJECT))
                .contains("errand_queue_order", "errand_queue_pkey", "errand_run_pkey")
                .doesNotContain("Seq Scan");
    }

    @Test
    void renewingFindsRunsByTheirKeys() throws SQLException {
        assertThat(plan(PostgresQueueSql.RENEW))
                .contains("errand_queue_pkey", "errand_run_pkey")
                .doesNotContain("Seq Scan");
    }

    /** A claim reads the runs that it returns, and no others of the 3,000. */
    @Test
    void aClaimReadsAsManyEntriesAsItReturns() throws SQLException {
        String plan =
                executedPlan(
                        PostgresQueueSql.CLAIM_IN_PROJECT,
                        "7, now(), 5, 'node-1', now(), '{}', '{0}', '{-infinity}'");

        assertThat(plan).contains("Update on errand_queue").contains("actual rows=5");
        assertThat(entriesRead(plan)).isLessThanOrEqualTo(5);
    }

    /** A claim in all projects considers only some runs of each lane. */
    @Test
    void aClaimInAllProjectsConsidersAFewRunsOfEachLane() throws SQLException {
        String plan =
                executedPlan(
                        PostgresQueueSql.CLAIM_IN_TURN,
                        "now(), 5, 'node-1', now(), 20, 5, '{}', '{}', '{7}', '{0}',"
                                + " '{-infinity}', '{5}'");

        assertThat(plan).contains("Update on errand_queue").contains("actual rows=5");
        assertThat(entriesRead(plan)).isLessThanOrEqualTo(20);
    }

    /**
     * A claim that starts at a mark does not read the entries of earlier runs, which PostgreSQL
     * cannot remove while another transaction has a snapshot.
     */
    @Test
    void aClaimDoesNotReadDeadEntriesBelowItsMark() throws SQLException {
        try (Connection reader = database.dataSource().getConnection();
                Statement snapshot = reader.createStatement()) {
            reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            reader.setAutoCommit(false);
            snapshot.execute("select count(*) from errand_queue");
            statement.execute("delete from errand_queue");
            clock.advance(Duration.ofSeconds(10));
            TestTasks.insertTasks(backend.tasks(), PROJECT, List.of(work()));
            String mark = clock.instant().minusSeconds(1).toString();

            assertThat(pagesRead("-infinity")).isGreaterThan(100);
            assertThat(pagesRead(mark)).isLessThan(50);
            reader.rollback();
            reader.setAutoCommit(true);
            reader.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
        }
    }

    /** Returns the number of pages that a claim of one run reads; it is rolled back. */
    private long pagesRead(String dueFrom) throws SQLException {
        prepare(PostgresQueueSql.CLAIM_IN_PROJECT);
        connection.setAutoCommit(false);
        String plan =
                lines(
                        "explain (analyze, buffers, costs off, timing off) execute planned (7,"
                                + " now(), 1, 'node-1', now(), '{}', '{0}', '{\""
                                + dueFrom
                                + "\"}')");
        connection.rollback();
        connection.setAutoCommit(true);
        assertThat(plan).contains("Update on errand_queue");
        var buffers = Pattern.compile("Buffers: shared hit=(\\d+)").matcher(plan);
        assertThat(buffers.find()).as(plan).isTrue();
        return Long.parseLong(buffers.group(1));
    }

    /** Returns the number of rows that the scan of the claim order returned or removed. */
    private static long entriesRead(String plan) {
        var scan =
                Pattern.compile(
                                "using errand_queue_order .*actual rows=(\\d+)(?s:.*?)(?:Rows Removed"
                                        + " by Filter: (\\d+)|->|CTE)")
                        .matcher(plan);
        assertThat(scan.find()).as(plan).isTrue();
        return Long.parseLong(scan.group(1))
                + (scan.group(2) == null ? 0 : Long.parseLong(scan.group(2)));
    }

    private String plan(String sql) throws SQLException {
        int parameters = prepare(sql);
        String nulls = String.join(", ", Collections.nCopies(parameters, "null"));
        return lines("explain execute planned (" + nulls + ")");
    }

    /** Executes a statement, and returns its plan with the numbers of rows. */
    private String executedPlan(String sql, String values) throws SQLException {
        prepare(sql);
        return lines("explain (analyze, costs off, timing off) execute planned (" + values + ")");
    }

    /** Prepares a statement, and returns the number of its parameters. */
    private int prepare(String sql) throws SQLException {
        AtomicInteger parameters = new AtomicInteger();
        String numbered =
                Pattern.compile("\\?")
                        .matcher(sql)
                        .replaceAll(found -> "\\$" + parameters.incrementAndGet());
        statement.execute("deallocate all");
        statement.execute("prepare planned as " + numbered);
        return parameters.get();
    }

    private String lines(String explain) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = statement.executeQuery(explain)) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
