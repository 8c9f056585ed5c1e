package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.store.Backend;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * docs/invariants.md#i13: plans that were made while the tables were empty and are kept while they
 * fill.
 */
final class NewTablesPlanTest {

    private static final String FOREIGN_KEY_CHECK =
            """
            select 1 from only errand_task x where project_id = $1 and id = $2 for key share of x""";

    private static final String FOLLOW =
            """
            update errand_task t set latest_run_status = 'completed'
            where t.project_id = $1 and t.id = $2 and t.latest_run_id is not null""";

    /**
     * Regression test: an index that begins with the project looked as good as the primary key, and
     * all tasks were read.
     */
    @ParameterizedTest
    @ValueSource(strings = {FOREIGN_KEY_CHECK, FOLLOW})
    void aTaskIsFoundByItsPrimaryKey(String query) throws SQLException {
        assertThat(plan(query))
                .contains("using errand_task_pkey")
                .contains("(project_id = $1) AND (id = $2)");
    }

    /** The number comes first in its unique key. */
    @Test
    void aNumberIsFoundByItsUniqueKey() throws SQLException {
        assertThat(plan("select id from errand_task where task_number = $1 and project_id = $2"))
                .contains("errand_task_task_number_project_id_key");
    }

    private static String plan(String query) throws SQLException {
        TestDatabase database = TestDatabase.postgresql(NewTablesPlanTest.class);
        database.reset();
        try (Backend backend = database.open(TestClock.at(TestTasks.aTask().build().createdAt()));
                Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(backend.capabilities()).isNotEmpty();
            statement.execute("deallocate all");
            statement.execute("set plan_cache_mode = force_generic_plan");
            String types = query.contains("task_number") ? "bigint, bigint" : "bigint, uuid";
            statement.execute("prepare asked (" + types + ") as " + query);
            String values = query.contains("task_number") ? "7, 7" : "7, null";
            StringBuilder plan = new StringBuilder();
            try (ResultSet lines =
                    statement.executeQuery("explain execute asked (" + values + ")")) {
                while (lines.next()) {
                    plan.append(lines.getString(1)).append('\n');
                }
            }
            return plan.toString();
        }
    }
}
