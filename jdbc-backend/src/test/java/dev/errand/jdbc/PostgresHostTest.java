package dev.errand.jdbc;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

/**
 * Host settings that only PostgreSQL has: replicas, and statement timeouts while a lock is held.
 */
final class PostgresHostTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    private final DataSource pool = TestDatabase.postgresql(PostgresHostTest.class).dataSource();
    private final Backend outside = JdbcBackend.builder(pool).open();

    @Test
    void openingOnAReplicaFails() throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set default_transaction_read_only = on");
            DataSource replica = new SingleConnectionDataSource(connection, true);
            assertThatThrownBy(() -> JdbcBackend.builder(replica).open())
                    .isInstanceOf(PortException.class)
                    .hasMessageContaining("read-only");
            statement.execute("reset default_transaction_read_only");
        }
    }

    @Test
    void aReadOnlyTransactionOfTheHostIsReported() throws SQLException {
        try (JdbcBackend backend = JdbcBackend.builder(pool).open();
                Connection connection = pool.getConnection()) {
            connection.setReadOnly(true);
            connection.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection)) {
                assertThatThrownBy(() -> insert(backend))
                        .isInstanceOf(PortException.class)
                        .hasMessageContaining(
                                "the transaction of the host or the database is read-only");
                transaction.rolledBack();
            }
            connection.rollback();
        }
    }

    @Test
    void aStatementTimeoutIsARetryableFailure() throws SQLException {
        Backend impatient =
                JdbcBackend.builder(pool).statementTimeout(Duration.ofSeconds(1)).open();
        Task task = insert(outside);
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.executeUpdate("update errand_task set version = version");
            Task next = task.withDetails(aTask().withTitle("new").details(), task.createdAt());
            assertThatThrownBy(() -> impatient.tasks().update(PROJECT, next))
                    .isInstanceOfSatisfying(
                            PortException.class,
                            e -> assertThat(e.isRetryable()).as("%s", e.getCause()).isTrue());
            connection.rollback();
        }
        assertThat(outside.tasks().find(PROJECT, task.id()).orElseThrow().task()).isEqualTo(task);
    }

    @Test
    void aConnectionThatTheServerHasClosedIsReplaced() throws SQLException {
        HikariConfig config = new HikariConfig();
        config.setDataSource(TestDatabase.postgresql(PostgresHostTest.class).unpooled());
        config.setMaximumPoolSize(1);
        try (HikariDataSource single = new HikariDataSource(config);
                Backend backend = JdbcBackend.builder(single).clock(Clock.systemUTC()).open()) {
            closeSession(single);
            assertThat(backend.tasks().listRepositories(PROJECT)).isEmpty();

            closeSession(single);
            Idempotency key = new Idempotency("user:1", "POST tasks/", "closed", "hash");
            assertThat(
                            TestTasks.insertTask(
                                    backend.tasks(), PROJECT, aTask().build(), Optional.of(key)))
                    .isInstanceOf(InsertResult.Inserted.class);
        }
    }

    /** Ends the server's session of the only connection of a pool. */
    private void closeSession(DataSource single) throws SQLException {
        try (Connection connection = single.getConnection();
                Connection other = pool.getConnection();
                Statement statement = other.createStatement()) {
            int pid = connection.unwrap(PGConnection.class).getBackendPID();
            statement.execute("select pg_terminate_backend(" + pid + ", 10000)");
        }
    }

    private static Task insert(Backend backend) {
        return ((InsertResult.Inserted<Task>)
                        TestTasks.insertTask(
                                backend.tasks(), PROJECT, aTask().build(), Optional.empty()))
                .value();
    }
}
