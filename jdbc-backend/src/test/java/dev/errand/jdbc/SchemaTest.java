package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import dev.errand.tck.TestTasks;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.jdbc.datasource.DriverManagerDataSource;

/** The three ways to run the migrations, and the domains of the columns. */
@ParameterizedClass
@EnumSource
final class SchemaTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    @Parameter private Dialect dialect;

    private String url;
    private DataSource empty;

    @BeforeEach
    void makeAnEmptyDatabase() throws SQLException {
        url =
                switch (dialect) {
                    case POSTGRESQL -> PostgresServer.get().newDatabase("schema_test");
                    case H2 -> "jdbc:h2:mem:schema" + System.nanoTime() + ";DB_CLOSE_DELAY=9";
                };
        empty = new DriverManagerDataSource(url);
    }

    @Test
    void openingWithoutTablesNamesTheMissingVersion() {
        assertThatThrownBy(() -> JdbcBackend.builder(empty).open())
                .isInstanceOfSatisfying(
                        PortException.class, e -> assertThat(e.isRetryable()).isFalse())
                .hasMessageContaining("schema version 1")
                .hasMessageContaining("META-INF/errand/" + dialect.folder());
    }

    @Test
    void aSchemaOfANewerReleaseIsRefused() throws SQLException {
        useOnce(JdbcBackend.builder(empty).migrate());
        int newer = Schema.VERSION + 1;
        execute("insert into errand_schema_version (version) values (" + newer + ")");

        assertThatThrownBy(() -> JdbcBackend.builder(empty).open())
                .isInstanceOfSatisfying(
                        PortException.class, e -> assertThat(e.isRetryable()).isFalse())
                .hasMessageContaining("schema version " + newer)
                .hasMessageContaining("this release knows version " + Schema.VERSION);
    }

    @Test
    void migrationsRunInASchemaWithTablesOfTheHost() throws SQLException {
        execute("create table errand_host_table (id int)");
        useOnce(JdbcBackend.builder(empty).migrate());
        useOnce(JdbcBackend.builder(empty).migrate());
        useOnce(JdbcBackend.builder(empty));
    }

    @Test
    void aHostCanRunTheMigrationScriptItself() throws SQLException, IOException {
        String resource = "/META-INF/errand/" + dialect.folder() + "/V1__tables.sql";
        try (InputStream file = JdbcBackend.class.getResourceAsStream(resource)) {
            execute(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
        useOnce(JdbcBackend.builder(empty));
    }

    @Test
    void schemasSeparateTwoBackendsInOneDatabase() throws SQLException {
        execute("create schema one");
        execute("create schema two");
        for (String schema : List.of("one", "two", "one")) {
            String option =
                    switch (dialect) {
                        case POSTGRESQL -> (url.contains("?") ? "&" : "?") + "currentSchema=";
                        case H2 -> ";SCHEMA=";
                    };
            useOnce(
                    JdbcBackend.builder(new DriverManagerDataSource(url + option + schema))
                            .migrate());
        }
        assertThat(count("select count(*) from one.errand_task")).isEqualTo(2);
        assertThat(count("select count(*) from two.errand_task")).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status = 'lost'", "status = null", "environment = 'moon'"})
    void domainsRejectInvalidRuns(String change) throws SQLException {
        insertRow();

        assertThatThrownBy(() -> execute("update errand_run set " + change))
                .isInstanceOf(SQLException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "phase = 'done'",
                "priority = 101",
                "priority = -101",
                "priority = null",
                "queued_limit = 0",
                "launch_limit = -1",
                "inactivity_limit = 31536000001",
                "total_limit = 0"
            })
    void domainsRejectInvalidQueueEntries(String change) throws SQLException {
        insertRow();

        assertThatThrownBy(() -> execute("update errand_queue set " + change))
                .isInstanceOf(SQLException.class);
    }

    private void insertRow() throws SQLException {
        useOnce(JdbcBackend.builder(empty).migrate());
        execute(
                """
                insert into errand_run (project_id, id, task_id, version, status, environment,
                    state, attempt, latest, task_created_at, created_at, updated_at)
                select project_id, id, id, 1, 'queued', 'cloud', '{}', 1, true,
                    created_at, created_at, created_at
                from errand_task""");
        execute(
                """
                insert into errand_queue (project_id, run_id, task_id, phase, failures, priority,
                    queued_at, due_at, lease_token)
                select project_id, id, task_id, 'waiting', 0, 0, created_at, created_at, 4294967296
                from errand_run""");
    }

    private long count(String query) throws SQLException {
        try (Connection connection = empty.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = empty.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** Opens the backend and uses it. */
    private static void useOnce(JdbcBackend.Builder builder) {
        try (Backend backend = builder.open()) {
            TestTasks.insertTask(backend.tasks(), PROJECT, aTask().build(), Optional.empty());
            assertThat(backend.queue().nextDue(ProjectScope.everyProject())).isEmpty();
        }
    }
}
