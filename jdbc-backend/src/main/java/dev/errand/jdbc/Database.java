package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.RetryTransactionException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongConsumer;

/**
 * Executes operations with a connection and, if needed, a transaction; commits, rolls back and
 * translates failures. Thread-safe.
 *
 * <p>A transaction that is begun here is committed or rolled back here, and repeated if the
 * database rolled it back because of a deadlock or serialization failure. If the calling thread
 * takes part in a transaction of the host, operations use that one and never end it. An operation
 * of several statements then runs after a savepoint.
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
    private final LongConsumer pause;

    Database(
            ConnectionSource connections,
            Dialect dialect,
            Duration statementTimeout,
            boolean setsIsolation) {
        this(connections, dialect, statementTimeout, setsIsolation, LockSupport::parkNanos);
    }

    /**
     * Creates a database.
     *
     * @param pause waits for a number of nanoseconds before an operation is repeated
     */
    Database(
            ConnectionSource connections,
            Dialect dialect,
            Duration statementTimeout,
            boolean setsIsolation,
            LongConsumer pause) {
        this.setsIsolation = setsIsolation;
        this.pause = pause;
        this.connections = connections;
        this.dialect = dialect;
        this.timeoutInSeconds =
                statementTimeout.isZero()
                        ? 0
                        : (int)
                                Math.min(
                                        Integer.MAX_VALUE,
                                        Math.max(1, statementTimeout.toSeconds()));
        // Fair, so that no operation starves.
        this.writeLock =
                dialect.serializesWrites()
                        ? Optional.of(new ReentrantLock(true))
                        : Optional.empty();
    }

    Dialect dialect() {
        return dialect;
    }

    /** Returns whether the operations of this thread are part of a transaction of the host. */
    boolean isInHostTransaction() {
        return connections.hostTransaction().isPresent();
    }

    /**
     * Calls an action for a change that was made: at once or, in a transaction of the host, after
     * its commit.
     */
    void afterCommit(Runnable action) {
        connections
                .hostTransaction()
                .ifPresentOrElse(transaction -> transaction.afterCommit(action), action);
    }

    /** Executes an operation that only reads. */
    <T> T read(String port, Operation<T> operation) {
        Optional<JdbcHostTransaction> host = connections.hostTransaction();
        return host.isPresent()
                ? joined(port, () -> operation.run(session(host.get().connection())))
                : retry(
                        port,
                        () ->
                                connections.use(
                                        own -> withoutTransaction(own, operation, operation)));
    }

    /** Executes an operation of one statement, which is atomic without an explicit transaction. */
    <T> T execute(String port, Operation<T> operation) {
        Optional<JdbcHostTransaction> host = connections.hostTransaction();
        return host.isPresent()
                ? joined(port, () -> operation.run(session(host.get().connection())))
                : retry(
                        port,
                        () ->
                                serialized(
                                        () ->
                                                connections.use(
                                                        own ->
                                                                withoutTransaction(
                                                                        own,
                                                                        operation,
                                                                        committing(operation)))));
    }

    /** Executes an operation of several statements atomically. */
    <T> T inTransaction(String port, Operation<T> operation) {
        Optional<JdbcHostTransaction> host = connections.hostTransaction();
        return host.isPresent()
                ? joined(port, () -> withSavepoint(host.get().connection(), operation))
                : retry(
                        port,
                        () ->
                                serialized(
                                        () ->
                                                connections.use(
                                                        own -> inOwnTransaction(own, operation))));
    }

    /** Executes an operation that only reads, and never in a transaction of the host. */
    <T> T readSeparately(String port, Operation<T> operation) {
        return isInHostTransaction()
                ? retry(port, () -> outsideHostTransaction(operation))
                : read(port, operation);
    }

    /**
     * Executes an operation of one statement for a call in a transaction of the host, in a separate
     * transaction. It is not affected by a rollback of the host, and does not wait for the write
     * lock, whose owner may wait for the host. It may be executed twice.
     */
    <T> T outsideHostTransaction(Operation<T> operation) throws SQLException {
        return connections.useReserved(reserved -> operation.run(session(reserved)));
    }

    private SqlSession session(Connection connection) {
        return new SqlSession(connection, timeoutInSeconds);
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
        return connection.getAutoCommit() && !setsIsolation
                ? inAutoCommitMode.run(session(connection))
                : inOwnTransaction(connection, operation);
    }

    private <T> T inOwnTransaction(Connection connection, Operation<T> operation)
            throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
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
        return runAndCommit(connection, session(connection), whole, autoCommit);
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

    private <T> T withSavepoint(Connection connection, Operation<T> operation) throws SQLException {
        SqlSession session = session(connection);
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
     * connections of the pool to readers.
     */
    private <T> T serialized(Action<T> action) throws SQLException {
        if (writeLock.isEmpty()) {
            return action.run();
        }
        Lock lock = writeLock.get();
        lock.lock();
        try {
            return action.run();
        } finally {
            lock.unlock();
        }
    }

    /** Executes an action once in a transaction of the host, which only the host can repeat. */
    private static <T> T joined(String port, Action<T> action) {
        try {
            return action.run();
        } catch (SQLException e) {
            throw SqlExceptionTranslator.translateInHostTransaction(port, e);
        } catch (PortException e) {
            throw e.isRetryable()
                    ? new RetryTransactionException(e.port(), String.valueOf(e.getMessage()), e)
                    : e;
        }
    }

    private <T> T retry(String port, Action<T> action) {
        for (int attempt = 1; ; attempt++) {
            try {
                return action.run();
            } catch (SQLException e) {
                SqlFailure failure = SqlFailure.of(e);
                if (e instanceof UnknownOutcomeException || attempt >= failure.attempts()) {
                    throw SqlExceptionTranslator.translate(port, e);
                }
                pause.accept(
                        ThreadLocalRandom.current().nextLong(failure.pause().toNanos() * attempt));
            }
        }
    }
}
