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
 * repeated only if the database has certainly not stored it, a repetition can help ({@link
 * SqlFailure}) and the transaction is not the host's.
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

    private static final String READ_COMMITTED = "set transaction isolation level read committed";

    private final ConnectionSource connections;
    private final Dialect dialect;
    private final int timeoutInSeconds;
    private final Optional<Lock> writeLock;
    private final boolean setsIsolation;

    Database(
            ConnectionSource connections,
            Dialect dialect,
            Duration statementTimeout,
            boolean setsIsolation) {
        this(
                connections,
                dialect,
                statementTimeout,
                // Fair, so that no operation starves.
                dialect.serializesWrites()
                        ? Optional.of(new ReentrantLock(true))
                        : Optional.empty(),
                setsIsolation);
    }

    private Database(
            ConnectionSource connections,
            Dialect dialect,
            Duration statementTimeout,
            Optional<Lock> writeLock,
            boolean setsIsolation) {
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
        this.setsIsolation = setsIsolation;
    }

    /** Returns the same database with other connections and the same write lock. */
    Database withConnections(ConnectionSource others) {
        return new Database(
                others, dialect, Duration.ofSeconds(timeoutInSeconds), writeLock, setsIsolation);
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
                () ->
                        connections.use(
                                connection ->
                                        withoutTransaction(connection, operation, operation)));
    }

    /** Executes an operation of one statement, which is atomic without an explicit transaction. */
    <T> T execute(String port, Operation<T> operation) {
        return retry(
                port,
                () ->
                        serialized(
                                connection ->
                                        withoutTransaction(
                                                connection, operation, committing(operation))));
    }

    /** Returns an operation of one statement, which the database commits together with it. */
    private static <T> Operation<T> committing(Operation<T> operation) {
        return session -> {
            try {
                return operation.run(session);
            } catch (SQLException e) {
                throw UnknownOutcomeException.ofCommit(e);
            }
        };
    }

    private <T> T withoutTransaction(
            Connection connection, Operation<T> operation, Operation<T> inAutoCommitMode)
            throws SQLException {
        SqlSession session = new SqlSession(connection, timeoutInSeconds);
        boolean autoCommit = connection.getAutoCommit();
        if (autoCommit && !setsIsolation) {
            return inAutoCommitMode.run(session);
        }
        if (connections.isInHostTransaction(connection)) {
            return operation.run(session);
        }
        return begin(connection, session, operation, autoCommit);
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
        return begin(connection, session, operation, connection.getAutoCommit());
    }

    private <T> T begin(
            Connection connection, SqlSession session, Operation<T> operation, boolean autoCommit)
            throws SQLException {
        if (autoCommit) {
            connection.setAutoCommit(false);
        }
        Operation<T> whole =
                setsIsolation
                        ? begun -> {
                            begun.statement(READ_COMMITTED).update();
                            return operation.run(begun);
                        }
                        : operation;
        return runAndCommit(connection, session, whole, autoCommit);
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
                commit(connection);
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

    /**
     * Commits, and checks that this ended the transaction. PostgreSQL answers the commit of a
     * failed transaction with a rollback, which its driver does not report.
     */
    private static void commit(Connection connection) throws SQLException {
        if (PostgresDriver.isTransactionFailed(connection)) {
            throw new SQLException(
                    "a statement of the transaction failed, so it cannot be committed", "25P02");
        }
        try {
            connection.commit();
        } catch (SQLException e) {
            throw UnknownOutcomeException.ofCommit(e);
        }
        if (PostgresDriver.isInTransaction(connection)) {
            throw new SQLException("commit() did not end the transaction", "25001");
        }
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
                SqlFailure failure = SqlFailure.of(e);
                if (e instanceof UnknownOutcomeException
                        || connections.joinsHostTransactions()
                        || attempt >= failure.attempts()) {
                    throw SqlExceptionTranslator.translate(port, e);
                }
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(failure.pause().toNanos() * attempt));
            }
        }
    }
}
