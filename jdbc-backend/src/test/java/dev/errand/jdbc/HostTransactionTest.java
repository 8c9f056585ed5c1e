package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.tck.TestTasks;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The backend in host transactions and with the connection pools of a host. */
@ParameterizedClass
@EnumSource
final class HostTransactionTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    @Parameter private Dialect dialect;

    private TestDatabase database;
    private DataSource pool;
    private Backend outside;

    @BeforeEach
    void openDatabase() {
        database =
                switch (dialect) {
                    case POSTGRESQL -> TestDatabase.postgresql(HostTransactionTest.class);
                    case H2 -> TestDatabase.h2(HostTransactionTest.class);
                };
        database.reset();
        pool = database.dataSource();
        outside = JdbcBackend.builder(pool).open();
    }

    @Test
    void changesInAHostTransactionBecomeVisibleWhenTheHostCommits() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            TaskId undone = insert(backend.within(connection));
            connection.rollback();
            TaskId kept = insert(backend.within(connection));
            assertThat(outside.tasks().find(PROJECT, kept)).isEmpty();
            assertThat(backend.within(connection).tasks().find(PROJECT, kept)).isPresent();
            connection.commit();
            assertThat(outside.tasks().find(PROJECT, kept).orElseThrow().task().number())
                    .as("number of the first task; the rolled-back insert used none")
                    .isZero();
            assertThat(outside.tasks().find(PROJECT, undone)).isEmpty();
        }
    }

    @Test
    void aRefusedCallLeavesTheHostTransactionUnchanged() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Backend joined = backend.within(connection);
            Optional<Idempotency> key = Optional.of(new Idempotency("u", "op", "k", "h"));
            Task task =
                    inserted(TestTasks.insertTask(joined.tasks(), PROJECT, aTask().build(), key));
            assertThat(TestTasks.insertTask(joined.tasks(), PROJECT, aTask().build(), key))
                    .isEqualTo(new InsertResult.Replayed<>(task));
            ArtifactId unknown = ArtifactId.of(UUID.randomUUID());
            assertThat(
                            joined.runs()
                                    .insert(
                                            PROJECT,
                                            aRun(task).consuming(unknown).build(),
                                            Optional.empty()))
                    .isInstanceOf(RunInsertResult.ArtifactsNotFound.class);
            connection.commit();
            assertThat(outside.tasks().find(PROJECT, task.id()).orElseThrow().latestRun())
                    .isEmpty();
        }
    }

    @Test
    void aConnectionInAutocommitModeIsRejected() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection()) {
            assertThatThrownBy(() -> backend.within(connection))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
    }

    @Test
    void aSpringTransactionIsJoined() {
        Backend backend =
                JdbcBackend.builder(new TransactionAwareDataSourceProxy(pool))
                        .joiningTransactions()
                        .open();
        TransactionTemplate template =
                new TransactionTemplate(new DataSourceTransactionManager(pool));
        TaskId undone =
                template.execute(
                        status -> {
                            TaskId id = insert(backend);
                            status.setRollbackOnly();
                            return id;
                        });
        TaskId kept =
                template.execute(
                        status -> {
                            TaskId id = insert(backend);
                            assertThat(outside.tasks().find(PROJECT, id)).isEmpty();
                            return id;
                        });
        TaskId alone = insert(backend);
        assertThat(outside.tasks().find(PROJECT, undone)).isEmpty();
        assertThat(outside.tasks().find(PROJECT, kept)).isPresent();
        assertThat(outside.tasks().find(PROJECT, alone)).isPresent();
    }

    @Test
    void aPoolWithoutAutocommitWorks() {
        try (HikariDataSource manual = new HikariDataSource()) {
            manual.setDataSource(pool);
            manual.setAutoCommit(false);
            manual.setMaximumPoolSize(1);
            Backend backend = JdbcBackend.builder(manual).open();
            TaskId id = insert(backend);
            Task task = backend.tasks().find(PROJECT, id).orElseThrow().task();
            backend.runs().insert(PROJECT, aRun(task).build(), Optional.empty());
            assertThat(outside.tasks().find(PROJECT, id).orElseThrow().latestRun()).isPresent();
        }
    }

    @Test
    void theDefaultClockIsTheClockOfTheDatabase() {
        assertThat(Duration.between(outside.clock().instant(), Instant.now()).abs())
                .isLessThan(Duration.ofSeconds(10));
    }

    private static TaskId insert(Backend backend) {
        return inserted(
                        TestTasks.insertTask(
                                backend.tasks(), PROJECT, aTask().build(), Optional.empty()))
                .id();
    }

    private static Task inserted(InsertResult<Task> answer) {
        return ((InsertResult.Inserted<Task>) answer).value();
    }
}
