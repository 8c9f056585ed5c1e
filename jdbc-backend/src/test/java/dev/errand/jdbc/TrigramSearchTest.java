package dev.errand.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.TaskListContract;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** Lists with the optional search index, which must not change their results. */
class TrigramSearchTest extends TaskListContract {

    private final TestDatabase database = TestDatabase.postgresql(TrigramSearchTest.class);

    @Override
    protected BackendFactory factory() {
        // Adds the index to existing tables as well.
        JdbcBackend.builder(database.dataSource()).withTrigramSearch().migrate().open().close();
        return database;
    }

    @Test
    void theIndexExists() throws SQLException {
        try (Connection connection = database.dataSource().getConnection();
                Statement statement = connection.createStatement();
                ResultSet index =
                        statement.executeQuery(
                                """
                                select indexdef from pg_indexes
                                where indexname = 'errand_task_search'""")) {
            assertThat(index.next()).isTrue();
            assertThat(index.getString(1)).contains("gin (project_id, search_text gin_trgm_ops)");
        }
    }
}
