package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.NewTaskWithFirstRun;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Collections;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/invariants.md#i13: the generic plans of a worker's statements. */
final class WorkerPlanTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int RUNS = 3_000;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    @Test
    void theStatementsOfAWorkerUseIndexesOnly() throws SQLException {
        TestDatabase database = TestDatabase.postgresql(WorkerPlanTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            TestTasks.insertTasks(
                    backend.tasks(), PROJECT, Stream.generate(this::work).limit(RUNS).toList());
            statement.execute("analyze");

            assertThat(plan(statement, PostgresClaimSql.claimSingle()))
                    .contains("errand_run_waiting", "errand_run_leased", "errand_run_unattended")
                    .doesNotContain("Seq Scan");
            assertThat(plan(statement, PostgresClaimSql.settleAndClaimSingle()))
                    .contains("errand_run_waiting", "errand_run_pkey", "errand_task_pkey")
                    .doesNotContain("Seq Scan");
        }
    }

    private static String plan(Statement statement, String sql) throws SQLException {
        AtomicInteger parameters = new AtomicInteger();
        String numbered =
                Pattern.compile("\\?")
                        .matcher(sql)
                        .replaceAll(found -> "\\$" + parameters.incrementAndGet());
        String nulls = String.join(", ", Collections.nCopies(parameters.get(), "null"));
        statement.execute("set plan_cache_mode = force_generic_plan");
        statement.execute("prepare planned as " + numbered);
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = statement.executeQuery("explain execute planned (" + nulls + ")")) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        } finally {
            statement.execute("deallocate planned");
            statement.execute("reset plan_cache_mode");
        }
        return plan.toString();
    }

    private NewTaskWithFirstRun work() {
        NewTask task = aTask().build();
        NewRun run = aRun(task.numbered(PROJECT, 0)).queuedAt(clock.instant()).build();
        return new NewTaskWithFirstRun(task, Optional.of(run.stored()));
    }
}
