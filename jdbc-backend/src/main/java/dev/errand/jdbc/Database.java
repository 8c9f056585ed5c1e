package dev.errand.jdbc;

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
 * Executes operations with a connection and, if needed, a transaction; commits, rolls back and
 * translates failures. Thread-safe.
 *
 * <p>A transaction that is begun here is committed or rolled back here. A host transaction is never
 * ended here: an operation of several statements runs between savepoints in it. An operation is
 * repeated only if the database rolled it back (because of a deadlock or serialization failure) and
 * the transaction is not the host's.
 *
 * <p>If the dialect requires it ({@link Dialect#serializesWrites()}), writing operations execute
 * one after another, each including its commit. Reads are not affected. An operation in a host
 * transaction does not take the lock: the transaction may hold row locks for which the owner of the
 * lock waits, and its commit is not executed here.
 */
final class Database {

    /** A database operation. */
    @FunctionalInterface
    interface Operation<T> {
        T run(SqlSession session) throws SQLException;
    }

    /** An attempt to execute an operation. */
    @FunctionalInterface
    private interface Action<T> {
        T run() throws SQLException;
    }

    private static final int MAX_ATTEMPTS = 10;
    private static final long MAX_PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final ConnectionSource connections;
    private final Dialect dialect;
    private final int timeoutInSeconds;
    private final Optional<Lock> writeLock;

    Database(
            ConnectionSource connections,
            Dialect dialect,
            Duration statementTimeout) {
        this(
                connections,
                dialect,
                statementTimeout,
                // Fair, so that no operation starves.
                dialect.serializesWrites()
                        ? Optional.of(new ReentrantLock(true))
                        : Optional.empty());
    }

    private Database(
            ConnectionSource connections,
            Dialect dialect,
            Duration statementTimeout,
            Optional<Lock> writeLock) {
        this.connections = connections;
        this.dialect = dialect;
        this.timeoutInSeconds =
                statementTimeout.isZero()
                        ? 0
                        : (int)
                                Math.min(
                                        Integer.MAX_VALUE,
                                        Math.max(1, statementTimeout.toSeconds()));
        this.writeLock = writeLock;
    }

    /** Returns the same database with other connections and the same write lock. */
    Database withConnections(ConnectionSource others) {
        return new Database(
                others, dialect, Duration.ofSeconds(timeoutInSeconds), writeLock);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Returns whether operations can be part of a host transaction. */
    boolean joinsHostTransactions() {
        return connections.joinsHostTransactions();
    }

    // Removed once no statement uses it any more.
    String sql(String statement) {
        return statement;
    }

    /** Executes an operation that only reads. */
    <T> T read(String port, Operation<T> operation) {
        return retry(
                port,
                () -> connections.use(connection -> withoutTransaction(connection, operation)));
    }

    /** Executes an operation of one statement, which is atomic without an explicit transaction. */
    <T> T execute(String port, Operation<T> operation) {
        return retry(
                port, () -> serialized(connection -> withoutTransaction(connection, operation)));
    }

    private <T> T withoutTransaction(Connection connection, Operation<T> operation)
            throws SQLException {
        SqlSession session = new SqlSession(connection, timeoutInSeconds);
        if (connection.getAutoCommit() || connections.isInHostTransaction(connection)) {
            return operation.run(session);
        }
        return runAndCommit(connection, session, operation, false);
    }

    /** Executes an operation of several statements atomically. */
    <T> T inTransaction(String port, Operation<T> operation) {
        return retry(port, () -> serialized(connection -> inTransaction(connection, operation)));
    }

    private <T> T inTransaction(Connection connection, Operation<T> operation) throws SQLException {
        SqlSession session = new SqlSession(connection, timeoutInSeconds);
        if (connections.isInHostTransaction(connection)) {
            return withSavepoint(connection, session, operation);
        }
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        return runAndCommit(connection, session, operation, autoCommit);
    }

    /** Commits or rolls back, and then restores autocommit mode if the connection was in it. */
    private static <T> T runAndCommit(
            Connection connection,
            SqlSession session,
            Operation<T> operation,
            boolean restoreAutoCommit)
            throws SQLException {
        T result;
        try {
            result = operation.run(session);
            if (session.isRollbackOnly()) {
                connection.rollback();
            } else {
                connection.commit();
            }
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.rollback();
                if (restoreAutoCommit) {
                    connection.setAutoCommit(true);
                }
            } catch (SQLException rollbackFailure) {
                e.addSuppressed(rollbackFailure);
            }
            throw e;
        }
        if (restoreAutoCommit) {
            restoreAutoCommit(connection);
        }
        return result;
    }

    private static <T> T withSavepoint(
            Connection connection, SqlSession session, Operation<T> operation) throws SQLException {
        Savepoint savepoint = connection.setSavepoint();
        T result;
        try {
            result = operation.run(session);
        } catch (SQLException | RuntimeException | Error e) {
            try {
                connection.rollback(savepoint);
                connection.releaseSavepoint(savepoint);
            } catch (SQLException rollbackFailure) {
                e.addSuppressed(rollbackFailure);
            }
            throw e;
        }
        if (session.isRollbackOnly()) {
            connection.rollback(savepoint);
        }
        connection.releaseSavepoint(savepoint);
        return result;
    }

    private static void restoreAutoCommit(Connection connection) {
        try {
            connection.setAutoCommit(true);
        } catch (SQLException e) {
            // The transaction has ended, so its result is valid. The pool detects and discards the
            // broken connection.
        }
    }

    /**
     * Takes the write lock, if there is one, before a connection, so that waiting writers leave the
     * connections of the pool to readers. If only the connection tells whether this is a host
     * transaction, the connection comes first.
     */
    private <T> T serialized(ConnectionSource.Callback<T> callback) throws SQLException {
        if (writeLock.isEmpty()) {
            return connections.use(callback);
        }
        return connections.joinsHostTransactions()
                ? connections.use(
                        connection ->
                                connections.isInHostTransaction(connection)
                                        ? callback.apply(connection)
                                        : locked(writeLock.get(), () -> callback.apply(connection)))
                : locked(writeLock.get(), () -> connections.use(callback));
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
                    throw SqlExceptionTranslator.translate(port, e);
                }
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS * attempt));
            }
        }
    }
}
