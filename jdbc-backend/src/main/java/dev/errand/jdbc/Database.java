package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Where every step gets its connection and, if it needs one, its transaction; the one place that
 * commits, and the one that tells failures apart. Thread-safe.
 *
 * <p>A transaction that was begun here is committed here. One of the host's is never committed or
 * rolled back as a whole: a step of several statements stands between savepoints in it. A step is
 * made again, a few times, only when the database itself undid it (a deadlock, a serialization
 * failure) and the transaction is ours.
 *
 * <p>Where the database asks for it ({@link Dialect#serializesWrites()}), one writing step follows
 * the other, from its begin to the end of its commit; steps that only read wait for nobody. A step
 * within a transaction of the host takes no turn: it may hold what the one whose turn it is waits
 * for, and its commit is the host's.
 */
final class Database {

    /** What a step does with its connection. */
    @FunctionalInterface
    interface Operation<T> {
        T run(SqlSession session) throws SQLException;
    }

    /** One attempt to make a step. */
    @FunctionalInterface
    private interface Action<T> {
        T run() throws SQLException;
    }

    private static final int MAX_ATTEMPTS = 10;
    private static final long MAX_PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final ConnectionSource connections;
    private final Dialect dialect;
    private final String prefix;
    private final int timeoutInSeconds;
    private final Optional<Lock> writeLock;

    Database(
            ConnectionSource connections,
            Dialect dialect,
            String prefix,
            Duration statementTimeout) {
        this(
                connections,
                dialect,
                prefix,
                statementTimeout,
                // Fair, so that nobody waits for ever.
                dialect.serializesWrites()
                        ? Optional.of(new ReentrantLock(true))
                        : Optional.empty());
    }

    private Database(
            ConnectionSource connections,
            Dialect dialect,
            String prefix,
            Duration statementTimeout,
            Optional<Lock> writeLock) {
        this.connections = connections;
        this.dialect = dialect;
        this.prefix = prefix;
        this.timeoutInSeconds =
                statementTimeout.isZero() ? 0 : (int) Math.max(1, statementTimeout.toSeconds());
        this.writeLock = writeLock;
    }

    /** The same database over other connections; writing steps of both take turns. */
    Database withConnections(ConnectionSource others) {
        return new Database(
                others, dialect, prefix, Duration.ofSeconds(timeoutInSeconds), writeLock);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether a step runs within a transaction of the host, which may be undone as a whole. */
    boolean joinsHostTransactions() {
        return connections.joinsHostTransactions();
    }

    /** A statement on the tables as they are named here. */
    String sql(String statement) {
        return statement.replace(JdbcBackend.DEFAULT_TABLE_PREFIX, prefix);
    }

    /** Makes a step that only reads. */
    <T> T read(String port, Operation<T> operation) {
        return retry(port, () -> connections.use(connection -> alone(connection, operation)));
    }

    /** Makes a step that is one statement, so that the database itself makes it atomic. */
    <T> T execute(String port, Operation<T> operation) {
        return retry(port, () -> serialized(connection -> alone(connection, operation)));
    }

    private <T> T alone(Connection connection, Operation<T> operation) throws SQLException {
        SqlSession session = new SqlSession(connection, timeoutInSeconds);
        if (connection.getAutoCommit() || connections.isInHostTransaction(connection)) {
            return operation.run(session);
        }
        return committing(connection, session, operation);
    }

    /** Makes a step of several statements: all of them stand, or none. */
    <T> T inTransaction(String port, Operation<T> operation) {
        return retry(port, () -> serialized(connection -> inTransaction(connection, operation)));
    }

    private <T> T inTransaction(Connection connection, Operation<T> operation) throws SQLException {
        SqlSession session = new SqlSession(connection, timeoutInSeconds);
        if (connections.isInHostTransaction(connection)) {
            return withSavepoint(connection, session, operation);
        }
        if (!connection.getAutoCommit()) {
            return committing(connection, session, operation);
        }
        connection.setAutoCommit(false);
        try {
            return committing(connection, session, operation);
        } finally {
            restoreAutoCommit(connection);
        }
    }

    private static <T> T committing(
            Connection connection, SqlSession session, Operation<T> operation) throws SQLException {
        boolean done = false;
        try {
            T answer = operation.run(session);
            if (!session.isRollbackOnly()) {
                connection.commit();
                done = true;
            }
            return answer;
        } finally {
            if (!done) {
                rollBack(connection);
            }
        }
    }

    private static <T> T withSavepoint(
            Connection connection, SqlSession session, Operation<T> operation) throws SQLException {
        Savepoint before = connection.setSavepoint();
        boolean done = false;
        try {
            T answer = operation.run(session);
            done = !session.isRollbackOnly();
            return answer;
        } finally {
            if (!done) {
                connection.rollback(before);
            }
            connection.releaseSavepoint(before);
        }
    }

    /**
     * What cannot be rolled back is on its way out already; the first failure is the one to tell.
     */
    private static void rollBack(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException e) {
            // The connection is broken, and the database undoes what it left.
        }
    }

    private static void restoreAutoCommit(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The connection is broken: a pool finds that out by itself.
        }
    }

    /**
     * Waits for its turn before it takes a connection, so that those who wait leave the pool to
     * those who read; where the connection tells whether the host is asking, only after it.
     */
    private <T> T serialized(ConnectionSource.Callback<T> use) throws SQLException {
        if (writeLock.isEmpty()) {
            return connections.use(use);
        }
        return connections.joinsHostTransactions()
                ? connections.use(
                        connection ->
                                connections.isInHostTransaction(connection)
                                        ? use.apply(connection)
                                        : locked(writeLock.get(), () -> use.apply(connection)))
                : locked(writeLock.get(), () -> connections.use(use));
    }

    private static <T> T locked(Lock lock, Action<T> action) throws SQLException {
        lock.lock();
        try {
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    private <T> T retry(String port, Action<T> action) {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.run();
            } catch (SQLException e) {
                if (!SqlExceptionTranslator.isRolledBack(e)
                        || connections.joinsHostTransactions()
                        || attempt == MAX_ATTEMPTS) {
                    throw failure(port, e);
                }
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS * attempt));
            }
        }
    }

    private static BackendException failure(String port, SQLException cause) {
        return SqlExceptionTranslator.translate(port, cause);
    }
}
