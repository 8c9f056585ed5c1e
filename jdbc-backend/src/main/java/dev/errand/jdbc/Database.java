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
 * <p>Where the database asks for it ({@link Dialect#writesOneAtATime()}), one writing step follows
 * the other, from its begin to the end of its commit; steps that only read wait for nobody. A step
 * within a transaction of the host takes no turn: it may hold what the one whose turn it is waits
 * for, and its commit is the host's.
 */
final class Database {

    /** What a step does with its connection. */
    @FunctionalInterface
    interface Step<T> {
        T run(Session session) throws SQLException;
    }

    /** One attempt to make a step. */
    @FunctionalInterface
    private interface Attempt<T> {
        T make() throws SQLException;
    }

    private static final int MAX_ATTEMPTS = 10;
    private static final long MAX_PAUSE_NANOS = Duration.ofMillis(10).toNanos();

    private final Connections connections;
    private final Dialect dialect;
    private final String prefix;
    private final int timeoutInSeconds;
    private final Optional<Lock> turn;

    Database(Connections connections, Dialect dialect, String prefix, Duration statementTimeout) {
        this(
                connections,
                dialect,
                prefix,
                statementTimeout,
                // Fair, so that nobody waits for ever.
                dialect.writesOneAtATime()
                        ? Optional.of(new ReentrantLock(true))
                        : Optional.empty());
    }

    private Database(
            Connections connections,
            Dialect dialect,
            String prefix,
            Duration statementTimeout,
            Optional<Lock> turn) {
        this.connections = connections;
        this.dialect = dialect;
        this.prefix = prefix;
        this.timeoutInSeconds =
                statementTimeout.isZero() ? 0 : (int) Math.max(1, statementTimeout.toSeconds());
        this.turn = turn;
    }

    /** The same database over other connections; writing steps of both take turns. */
    Database over(Connections others) {
        return new Database(others, dialect, prefix, Duration.ofSeconds(timeoutInSeconds), turn);
    }

    Dialect dialect() {
        return dialect;
    }

    /** Whether a step runs within a transaction of the host, which may be undone as a whole. */
    boolean joinsHost() {
        return connections.joinsHost();
    }

    /** A statement on the tables as they are named here. */
    String sql(String statement) {
        return statement.replace(JdbcBackend.DEFAULT_TABLE_PREFIX, prefix);
    }

    /** Makes a step that only reads. */
    <T> T reading(String port, Step<T> step) {
        return attempt(port, () -> connections.with(connection -> alone(connection, step)));
    }

    /** Makes a step that is one statement, so that the database itself makes it atomic. */
    <T> T once(String port, Step<T> step) {
        return attempt(port, () -> inTurn(connection -> alone(connection, step)));
    }

    private <T> T alone(Connection connection, Step<T> step) throws SQLException {
        Session session = new Session(connection, timeoutInSeconds);
        if (connection.getAutoCommit() || connections.isJoined(connection)) {
            return step.run(session);
        }
        return committing(connection, session, step);
    }

    /** Makes a step of several statements: all of them stand, or none. */
    <T> T together(String port, Step<T> step) {
        return attempt(port, () -> inTurn(connection -> together(connection, step)));
    }

    private <T> T together(Connection connection, Step<T> step) throws SQLException {
        Session session = new Session(connection, timeoutInSeconds);
        if (connections.isJoined(connection)) {
            return betweenSavepoints(connection, session, step);
        }
        if (!connection.getAutoCommit()) {
            return committing(connection, session, step);
        }
        connection.setAutoCommit(false);
        try {
            return committing(connection, session, step);
        } finally {
            restoreAutoCommit(connection);
        }
    }

    private static <T> T committing(Connection connection, Session session, Step<T> step)
            throws SQLException {
        boolean done = false;
        try {
            T answer = step.run(session);
            if (!session.isRefused()) {
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

    private static <T> T betweenSavepoints(Connection connection, Session session, Step<T> step)
            throws SQLException {
        Savepoint before = connection.setSavepoint();
        boolean done = false;
        try {
            T answer = step.run(session);
            done = !session.isRefused();
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
    private <T> T inTurn(Connections.Use<T> use) throws SQLException {
        if (turn.isEmpty()) {
            return connections.with(use);
        }
        return connections.joinsHost()
                ? connections.with(
                        connection ->
                                connections.isJoined(connection)
                                        ? use.with(connection)
                                        : locked(turn.get(), () -> use.with(connection)))
                : locked(turn.get(), () -> connections.with(use));
    }

    private static <T> T locked(Lock lock, Attempt<T> attempt) throws SQLException {
        lock.lock();
        try {
            return attempt.make();
        } finally {
            lock.unlock();
        }
    }

    private <T> T attempt(String port, Attempt<T> made) {
        for (int attempt = 1; ; attempt++) {
            try {
                return made.make();
            } catch (SQLException e) {
                if (!Failures.isUndone(e) || connections.joinsHost() || attempt == MAX_ATTEMPTS) {
                    throw failure(port, e);
                }
                LockSupport.parkNanos(
                        ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS * attempt));
            }
        }
    }

    private static BackendException failure(String port, SQLException cause) {
        return Failures.of(port, cause);
    }
}
