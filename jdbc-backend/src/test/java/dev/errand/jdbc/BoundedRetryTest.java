package dev.errand.jdbc;

import static dev.errand.tck.TestRuns.aRun;
import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.spi.Idempotency;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.RetryTransactionException;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.LogEntry;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.Task;
import dev.errand.tck.TestTasks;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Operations that conflict with rows they cannot see end after a bounded number of attempts. A host
 * transaction with the isolation level SERIALIZABLE does not see rows that were inserted after it
 * began; H2 rejects a duplicate of such a row, where PostgreSQL reports a serialization failure.
 */
@Timeout(30)
final class BoundedRetryTest {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final Optional<Idempotency> NO_KEY = Optional.empty();

    private final TestDatabase database = TestDatabase.h2(BoundedRetryTest.class);
    private final JdbcBackend backend = JdbcBackend.builder(database.dataSource()).open();

    private final JdbcBackend inHostTransaction = JdbcBackend.builder(database.dataSource()).open();

    private Connection connection;
    private JoinedTransaction transaction;

    @BeforeEach
    void beginHostTransaction() throws SQLException {
        database.reset();
        connection = database.dataSource().getConnection();
        connection.setAutoCommit(false);
        connection.setTransactionIsolation(Connection.TRANSACTION_SERIALIZABLE);
        transaction = inHostTransaction.join(connection);
    }

    @AfterEach
    void endHostTransaction() throws SQLException {
        transaction.close();
        connection.rollback();
        connection.close();
    }

    @Test
    void aTaskCounterThatTheTransactionCannotSeeIsUsed() {
        inHostTransaction.tasks().listRepositories(PROJECT);
        insertTask(backend, NO_KEY);

        assertThat(insertTask(inHostTransaction, NO_KEY).number()).isOne();
    }

    @Test
    void anIdempotencyKeyThatTheTransactionCannotSeeIsARetryableFailure() {
        Optional<Idempotency> key =
                Optional.of(new Idempotency("user:1", "POST tasks/", "key", "hash"));
        inHostTransaction.tasks().listRepositories(PROJECT);
        insertTask(backend, key);

        assertRetryableFailure(() -> insertTask(inHostTransaction, key));
    }

    @Test
    void aLogThatTheTransactionCannotSeeIsARetryableFailure() {
        StoredRun run = insertRun();
        inHostTransaction.tasks().listRepositories(PROJECT);
        append(backend, run);

        assertRetryableFailure(() -> append(inHostTransaction, run));
    }

    @Test
    void anUpdateThatKeepsFailingAlthoughTheRunIsUnchangedIsStale() {
        StoredRun run = insertRun();
        StoredRun after =
                run.withRun(
                        run.run()
                                .change(run.run().updatedAt())
                                .stage(Optional.of("build"))
                                .build());

        transaction.close();
        try (JoinedTransaction withoutUpdates =
                inHostTransaction.join(withoutRunUpdates(connection))) {
            RunUpdateResult result =
                    inHostTransaction.runs().update(PROJECT, RunChange.of(run, after));

            assertThat(result).isEqualTo(new RunUpdateResult.Stale(run));
            withoutUpdates.rolledBack();
        }
    }

    private static void assertRetryableFailure(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RetryTransactionException.class)
                .hasMessageContaining("retry in a new transaction");
    }

    /** Returns a connection on which updates of runs have no effect. */
    private static Connection withoutRunUpdates(Connection target) {
        return (Connection)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {Connection.class},
                        (proxy, method, arguments) -> {
                            Object result = method.invoke(target, arguments);
                            return result instanceof PreparedStatement statement
                                            && ((String) arguments[0])
                                                    .startsWith("update errand_run")
                                    ? withoutEffect(statement)
                                    : result;
                        });
    }

    private static PreparedStatement withoutEffect(PreparedStatement target) {
        return (PreparedStatement)
                Proxy.newProxyInstance(
                        Connection.class.getClassLoader(),
                        new Class<?>[] {PreparedStatement.class},
                        (proxy, method, arguments) ->
                                method.getName().equals("executeUpdate")
                                        ? 0
                                        : method.invoke(target, arguments));
    }

    private static Task insertTask(Backend backend, Optional<Idempotency> key) {
        return ((InsertResult.Inserted<Task>)
                        TestTasks.insertTask(backend.tasks(), PROJECT, aTask().build(), key))
                .value();
    }

    private StoredRun insertRun() {
        var run = aRun(insertTask(backend, NO_KEY)).build();
        backend.runs().insert(PROJECT, run, NO_KEY);
        return run.stored();
    }

    private static void append(Backend backend, StoredRun run) {
        LogEntry entry = new LogEntry(JsonText.EMPTY_OBJECT, Optional.empty());
        backend.log().append(PROJECT, run.id(), Optional.empty(), List.of(entry), NO_KEY);
    }
}
