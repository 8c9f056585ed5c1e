package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * docs/invariants.md#i13: plans that were made while the tables were empty and are kept while they
 * fill.
 */
final class NewTablesPlanTest {

    /**
     * Regression test: an index that begins with the project looked as good as the primary key, and
     * all tasks were read.
     */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "select 1 from only errand_task x where project_id = $1 and id = $2"
                        + " for key share of x | errand_task_pkey",
                "select 1 from errand_task where project_id = $1 and id = $2"
                        + " for no key update | errand_task_pkey",
                "select 1 from errand_task where project_id = $1 and task_number = 7 and $2 is null"
                        + " | errand_task_task_number_project_id_key",
                "select 1 from errand_run where project_id = $1 and id = $2 | errand_run_pkey",
                "select 1 from errand_queue where project_id = $1 and run_id = $2 for update"
                        + " | errand_queue_pkey"
            })
    void aRowIsFoundByItsKey(String query, String index) throws SQLException {
        TestDatabase database = TestDatabase.postgresql(NewTablesPlanTest.class);
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            database.open(TestClock.at(TestTasks.aTask().build().createdAt())).close();
            // The queue is vacuumed often. Tasks and runs that are vacuumed are not new any more.
            statement.execute("vacuum (analyze) errand_queue");
            statement.execute("deallocate all");
            statement.execute("set plan_cache_mode = force_generic_plan");
            statement.execute("prepare asked (bigint, uuid) as " + query);
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines = statement.executeQuery("explain execute asked (7, null)")) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            assertThat(plan).contains(index).doesNotContain("Seq Scan");
        }
    }
}
