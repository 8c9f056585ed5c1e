package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.support.TransactionTemplate;

/** The backend in host transactions and with the connection pools of a host. */
@Timeout(60)
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
    void aRefusedCallLeavesTheHostTransactionUnchanged() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            Task task;
            try (JoinedTransaction transaction = backend.join(connection)) {
                Optional<Idempotency> key = Optional.of(new Idempotency("u", "op", "k", "h"));
                task =
                        inserted(
                                TestTasks.insertTask(
                                        backend.tasks(), PROJECT, aTask().build(), key));
                assertThat(TestTasks.insertTask(backend.tasks(), PROJECT, aTask().build(), key))
                        .isEqualTo(new InsertResult.Replayed<>(task));
                ArtifactId unknown = ArtifactId.of(UUID.randomUUID());
                assertThat(
                                backend.runs()
                                        .insert(
                                                PROJECT,
                                                aRun(task).consuming(unknown).build(),
                                                Optional.empty()))
                        .isInstanceOf(RunInsertResult.ArtifactsNotFound.class);
                connection.commit();
                transaction.committed();
            }
            assertThat(outside.tasks().find(PROJECT, task.id()).orElseThrow().latestRun())
                    .isEmpty();
        }
    }

    @Test
    void aConnectionInAutocommitModeIsRejected() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection()) {
            assertThatThrownBy(() -> backend.join(connection))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("setAutoCommit(false)");
        }
    }

    @Test
    void aThreadTakesPartInOneTransactionAtATime() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection();
                Connection second = pool.getConnection()) {
            connection.setAutoCommit(false);
            second.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection)) {
                assertThat(backend.hostTransaction()).contains(transaction);
                assertThatThrownBy(() -> backend.join(second))
                        .isInstanceOf(IllegalStateException.class)
                        .hasMessageContaining("takes part in another transaction");
            }
            assertThat(backend.hostTransaction()).isEmpty();
            backend.join(second).close();
        }
    }

    @Test
    void aTransactionCannotBeReportedAsCommittedBeforeTheCommit() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        List<String> ends = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            JoinedTransaction transaction = backend.join(connection);
            transaction.afterCompletion(() -> ends.add("commit"), () -> ends.add("rollback"));
            insert(backend);

            assertThatThrownBy(transaction::committed)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("call committed() after connection.commit()");
            assertThat(ends).isEmpty();
            connection.commit();
            transaction.committed();
            transaction.close();

            assertThat(ends).containsExactly("commit");
            assertThatThrownBy(transaction::rolledBack).isInstanceOf(IllegalStateException.class);
        }
    }

    @Test
    void aTransactionThatIsNotReportedAsCommittedCountsAsRolledBack() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        List<String> ends = new ArrayList<>();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection)) {
                transaction.afterCompletion(() -> ends.add("commit"), () -> ends.add("rollback"));
                insert(backend);
            }
            assertThat(connection.isClosed()).isFalse();
            connection.rollback();
        }
        assertThat(ends).containsExactly("rollback");
    }

    @Test
    void anotherThreadCannotEndTheTransaction() throws Exception {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection)) {
                assertThatThrownBy(() -> CompletableFuture.runAsync(transaction::committed).join())
                        .hasCauseInstanceOf(IllegalStateException.class);
                assertThat(backend.hostTransaction()).isPresent();
            }
        }
    }

    /** The backend is called before and after the first statement of the host. */
    @Test
    void aTransactionOfSpringIsNotCommittedByABackendThatDoesNotJoinIt() {
        Backend backend = JdbcBackend.builder(new TransactionAwareDataSourceProxy(pool)).open();
        TransactionTemplate template =
                new TransactionTemplate(new DataSourceTransactionManager(pool));

        template.executeWithoutResult(
                status -> {
                    assertMisuse(() -> insert(backend));
                    insertRowOfTheHost(pool);
                    assertMisuse(() -> insert(backend));
                    assertMisuse(() -> backend.tasks().listRepositories(PROJECT));
                    status.setRollbackOnly();
                });

        assertNothingCommitted();
    }

    /** Whether a transaction is active cannot be determined reliably, so it is rejected at once. */
    @Test
    void aDataSourceOfSpringOverAPoolWithoutAutocommitIsRejected() {
        try (HikariDataSource manual = poolWithoutAutocommit(1)) {
            assertMisuse(
                    () -> JdbcBackend.builder(new TransactionAwareDataSourceProxy(manual)).open());
        }
    }

    @Test
    void aTransactionOfAnotherFrameworkIsNotCommitted() throws SQLException {
        assertNotCommitted(pool);
    }

    @Test
    void aTransactionOfAnotherFrameworkOnAPoolWithoutAutocommitIsNotCommitted()
            throws SQLException {
        try (HikariDataSource manual = poolWithoutAutocommit(2)) {
            assertNotCommitted(manual);
        }
    }

    private void assertNotCommitted(DataSource target) throws SQLException {
        ThreadBoundDataSource bound = new ThreadBoundDataSource(target);
        Backend backend = JdbcBackend.builder(bound).open();
        try (Connection connection = target.getConnection()) {
            connection.setAutoCommit(false);
            bound.bind(connection);
            insertRowOfTheHost(bound);

            assertMisuse(() -> insert(backend));
            assertMisuse(() -> backend.tasks().listRepositories(PROJECT));

            connection.rollback();
        }
        assertNothingCommitted();
    }

    private static void insertRowOfTheHost(DataSource dataSource) {
        new JdbcTemplate(dataSource).update("insert into errand_project values (99, 0)");
    }

    private void assertNothingCommitted() {
        assertThat(
                        new JdbcTemplate(pool)
                                .queryForList("select project_id from errand_project", Long.class))
                .isEmpty();
    }

    private static void assertMisuse(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("joiningTransactions(...)")
                .hasMessageContaining("join(connection)");
    }

    /** Returns a given connection, once it is bound, to the thread that created it. */
    private static final class ThreadBoundDataSource extends DelegatingDataSource {
        private final Thread thread = Thread.currentThread();
        private Connection connection;

        ThreadBoundDataSource(DataSource target) {
            super(target);
        }

        void bind(Connection bound) {
            connection = bound;
        }

        @Override
        public Connection getConnection() throws SQLException {
            return connection != null && Thread.currentThread() == thread
                    ? withoutClose(connection)
                    : super.getConnection();
        }

        private static Connection withoutClose(Connection target) {
            return (Connection)
                    Proxy.newProxyInstance(
                            Connection.class.getClassLoader(),
                            new Class<?>[] {Connection.class},
                            (proxy, method, arguments) ->
                                    method.getName().equals("close")
                                            ? null
                                            : method.invoke(target, arguments));
        }
    }

    @Test
    void aPoolWithoutAutocommitWorks() {
        try (HikariDataSource manual = poolWithoutAutocommit(1)) {
            Backend backend = JdbcBackend.builder(manual).open();
            TaskId id = insert(backend);
            Task task = backend.tasks().find(PROJECT, id).orElseThrow().task();
            backend.runs().insert(PROJECT, aRun(task).build(), Optional.empty());
            assertThat(outside.tasks().find(PROJECT, id).orElseThrow().latestRun()).isPresent();
        }
    }

    /** The claims meanwhile have moved the start of the next claim beyond its due time. */
    @Test
    void aRunThatTheHostCommitsLateIsClaimedBeforeLaterOnes() throws SQLException {
        TestClock clock = TestClock.at(aTask().build().createdAt());
        JdbcBackend backend = JdbcBackend.builder(pool).clock(clock).open();
        RunId late;
        try (Connection connection = pool.getConnection()) {
            connection.setAutoCommit(false);
            try (JoinedTransaction transaction = backend.join(connection)) {
                late = insertRun(backend, clock);
                clock.advance(Duration.ofSeconds(10));
                CompletableFuture.runAsync(
                                () -> {
                                    RunId first = insertRun(backend, clock);
                                    insertRun(backend, clock);
                                    assertThat(claimOne(backend)).isEqualTo(first);
                                })
                        .join();
                connection.commit();
                transaction.committed();
            }
        }

        assertThat(claimOne(backend)).isEqualTo(late);
    }

    private static RunId insertRun(Backend backend, TestClock clock) {
        Task task =
                inserted(
                        TestTasks.insertTask(
                                backend.tasks(), PROJECT, aTask().build(), Optional.empty()));
        NewRun run = aRun(task).queuedAt(clock.tick()).build();
        backend.runs().insert(PROJECT, run, Optional.empty());
        return run.run().id();
    }

    private static RunId claimOne(Backend backend) {
        return backend.queue()
                .claim(
                        ProjectScope.everyProject(),
                        new ClaimRequest("node", 1, Duration.ofMinutes(1)))
                .get(0)
                .run()
                .id();
    }

    @Test
    void theClockDoesNotUseTheConnectionOfTheHost() throws SQLException {
        JdbcBackend backend = JdbcBackend.builder(pool).open();
        Connection connection = pool.getConnection();
        connection.setAutoCommit(false);
        try (JoinedTransaction transaction = backend.join(connection)) {
            connection.close();
            assertThat(backend.clock().instant()).isNotNull();
            transaction.rolledBack();
        }
        backend.close();
    }

    @Test
    void theDefaultClockIsTheClockOfTheDatabase() {
        assertThat(Duration.between(outside.clock().instant(), Instant.now()).abs())
                .isLessThan(Duration.ofSeconds(10));
    }

    private HikariDataSource poolWithoutAutocommit(int size) {
        HikariDataSource manual = new HikariDataSource();
        manual.setDataSource(pool);
        manual.setAutoCommit(false);
        manual.setMaximumPoolSize(size);
        return manual;
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
