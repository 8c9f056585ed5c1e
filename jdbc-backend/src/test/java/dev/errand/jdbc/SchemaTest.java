package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.BackendException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.store.Backend;
import dev.errand.tck.TestTasks;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
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

/** The three ways to run the migrations, and the constraints of the tables. */
@ParameterizedClass
@EnumSource
final class SchemaTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    @Parameter private Dialect dialect;

    private DataSource empty;

    @BeforeEach
    void makeAnEmptyDatabase() throws SQLException {
        empty =
                new DriverManagerDataSource(
                        switch (dialect) {
                            case POSTGRESQL -> PostgresServer.get().newDatabase("schema_test");
                            case H2 ->
                                    "jdbc:h2:mem:schema" + System.nanoTime() + ";DB_CLOSE_DELAY=9";
                        });
    }

    @Test
    void openingWithoutTablesNamesTheMissingVersion() {
        assertThatThrownBy(() -> JdbcBackend.builder(empty).open())
                .isInstanceOfSatisfying(
                        BackendException.class, e -> assertThat(e.isRetryable()).isFalse())
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
                        BackendException.class, e -> assertThat(e.isRetryable()).isFalse())
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
    void aHostCanRunTheMigrationScriptsItself() throws SQLException, IOException {
        for (String script : List.of("V1__tables.sql", "V2__terms.sql", "V3__stage.sql")) {
            String resource = "/META-INF/errand/" + dialect.folder() + "/" + script;
            try (InputStream file = JdbcBackend.class.getResourceAsStream(resource)) {
                execute(
                        new String(file.readAllBytes(), StandardCharsets.UTF_8)
                                .replace("${prefix}", "errand_"));
            }
        }
        useOnce(JdbcBackend.builder(empty));
    }

    @Test
    void prefixesSeparateTwoBackendsInOneDatabase() {
        useOnce(JdbcBackend.builder(empty).migrate().tablePrefix("one_"));
        useOnce(JdbcBackend.builder(empty).migrate().tablePrefix("two_"));
    }

    @Test
    void aPrefixThatIsNoIdentifierIsRejected() {
        assertThatThrownBy(() -> JdbcBackend.builder(empty).tablePrefix("x; drop table y"))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void tableConstraintsRejectInvalidRuns() throws SQLException {
        useOnce(JdbcBackend.builder(empty).migrate());
        String insert =
                """
                insert into errand_run (project_id, id, task_id, version, status, environment,
                    state, phase, attempt, failures, task_created_at, created_at, updated_at, completed_at)
                select project_id, id, id, 1, '%s', 'cloud', '{}', 'none', 0, 0,
                    created_at, created_at, created_at, %s
                from errand_task""";
        assertThatThrownBy(() -> execute(insert.formatted("lost", "null")))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> execute(insert.formatted("completed", "null")))
                .isInstanceOf(SQLException.class);
        assertThatThrownBy(() -> execute(insert.formatted("queued", "created_at")))
                .isInstanceOf(SQLException.class);
        execute(insert.formatted("completed", "created_at"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "priority = 101",
                "priority = -101",
                "priority = null",
                "queued_limit = 0",
                "launch_limit = -1",
                "inactivity_limit = 31536000001",
                "total_limit = 0"
            })
    void tableConstraintsRejectInvalidScheduling(String scheduling) throws SQLException {
        useOnce(JdbcBackend.builder(empty).migrate());
        execute(
                """
                insert into errand_run (project_id, id, task_id, version, status, environment,
                    state, phase, attempt, failures, task_created_at, created_at, updated_at)
                select project_id, id, id, 1, 'queued', 'cloud', '{}', 'none', 0, 0,
                    created_at, created_at, created_at
                from errand_task""");

        assertThatThrownBy(() -> execute("update errand_run set " + scheduling))
                .isInstanceOf(SQLException.class);
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
