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
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * docs/invariants.md#i13: the rows read for a page of one stage do not depend on the number of
 * tasks.
 */
final class StagePlanTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final int TASKS = 3_000;
    private static final int RARE = 50;

    private final TestClock clock = TestClock.at(aTask().build().createdAt());

    /**
     * Regression test: pages of a common stage were planned each time, and those of a rare stage
     * read all tasks.
     */
    @Test
    void aPageOfAStageIsReadAlongItsIndexForAnyValue() throws SQLException {
        TestDatabase database = TestDatabase.postgresql(StagePlanTest.class);
        database.reset();
        try (Backend backend = database.open(clock);
                Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            TestTasks.insertTasks(backend.tasks(), PROJECT, work());
            statement.execute("vacuum (analyze) errand_run");
            statement.execute("vacuum (analyze) errand_task");
            statement.execute("set plan_cache_mode = force_generic_plan");
            TaskFilterConditions conditions = new TaskFilterConditions(PROJECT, ofStage("common"));
            Optional<TaskPosition> after = Optional.empty();
            TaskPageSource rows = TaskPageSource.of(Dialect.POSTGRESQL, PROJECT, conditions, after);
            statement.execute(
                    "prepare page(bigint, text, bigint) as select t.* from %s order by %s limit 10"
                            .formatted(numbered(rows.table()), rows.order()));

            for (String stage : List.of("common", "rare", "unknown")) {
                String plan = plan(statement, "execute page(7, '" + stage + "', 7)");
                assertThat(plan)
                        .contains("errand_run_stage", "errand_task_pkey")
                        .doesNotContain("Seq Scan", "Sort", "Hash");
            }
        }
    }

    private List<NewTaskWithFirstRun> work() {
        List<NewTaskWithFirstRun> work = new ArrayList<>(TASKS);
        for (int i = 0; i < TASKS; i++) {
            NewTask task = aTask().createdAt(clock.tick()).build();
            NewRun run =
                    aRun(task.numbered(PROJECT, 0))
                            .withStage(i % RARE == 0 ? "rare" : "common")
                            .build();
            work.add(new NewTaskWithFirstRun(task, Optional.of(run.run())));
        }
        return work;
    }

    private static TaskFilter ofStage(String stage) {
        return new TaskFilter(
                false,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.of(stage),
                Optional.empty());
    }

    private static String numbered(String sql) {
        String numbered = sql;
        for (int at = 1; numbered.contains("?"); at++) {
            numbered = numbered.replaceFirst("\\?", "\\$" + at);
        }
        return numbered;
    }

    private static String plan(Statement statement, String execution) throws SQLException {
        StringBuilder plan = new StringBuilder();
        try (ResultSet lines = statement.executeQuery("explain " + execution)) {
            while (lines.next()) {
                plan.append(lines.getString(1)).append('\n');
            }
        }
        return plan.toString();
    }
}
