package dev.errand.jdbc;

import dev.errand.spi.PortException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Checks when a backend is opened that the database and its connections behave as the backend
 * requires. Whatever would lose or damage data is refused, with a message that says what to change.
 */
final class EnvironmentCheck {

    /**
     * What the backend must adapt to.
     *
     * @param setsIsolation whether each transaction must be set to READ COMMITTED
     * @param sharesSessions whether transactions of one connection run in different sessions
     */
    record Result(boolean setsIsolation, boolean sharesSessions) {}

    /**
     * Settings of a PostgreSQL session.
     *
     * @param version as in {@code server_version_num}, such as 150004
     */
    record Settings(
            int version,
            String encoding,
            boolean standby,
            boolean readOnly,
            String standardConformingStrings,
            String isolation) {

        /** Returns why Errand cannot work with these settings, and what to do. */
        Optional<String> problem() {
            if (standby || readOnly) {
                return Optional.of(READ_ONLY.formatted(standby ? "a standby" : "read-only"));
            }
            if (version < MIN_VERSION) {
                return Optional.of(
                        "the server is PostgreSQL %d; Errand needs version 14 or later"
                                .formatted(version / 10_000));
            }
            if (!encoding.equals("UTF8")) {
                return Optional.of(
                        ("the encoding of the database is %s, which cannot store every text; create"
                                        + " a database with encoding 'UTF8'")
                                .formatted(encoding));
            }
            if (!standardConformingStrings.equals("on")) {
                return Optional.of(
                        "standard_conforming_strings is "
                                + standardConformingStrings
                                + ", which changes the meaning of a backslash in SQL; set it to on"
                                + " for the database or the user");
            }
            return Optional.empty();
        }

        /** Returns whether transactions must be set to READ COMMITTED. */
        boolean isIsolationAboveReadCommitted() {
            return !Set.of("read committed", "read uncommitted").contains(isolation);
        }
    }

    /** A difference between the clocks that may be due to the measurement or to slow adjustment. */
    static final Duration MAX_CLOCK_DIFFERENCE = Duration.ofSeconds(5);

    private static final System.Logger LOG = System.getLogger("dev.errand.jdbc");
    private static final String PORT = "JdbcBackend";
    private static final int MIN_VERSION = 140_000;
    private static final String READ_ONLY =
            "the database is %s; Errand needs a writable primary, not a replica";
    private static final int POOLER_ROUNDS = 5;

    private static final String SETTINGS =
            """
            select cast(current_setting('server_version_num') as integer) as version,
                current_setting('server_encoding') as encoding,
                pg_is_in_recovery() as standby,
                current_setting('transaction_read_only') = 'on' as read_only,
                current_setting('standard_conforming_strings') as standard_conforming_strings,
                current_setting('transaction_isolation') as isolation""";

    private final ConnectionSource connections;
    private final Dialect dialect;
    private final Clock nodeClock;

    EnvironmentCheck(ConnectionSource connections, Dialect dialect, Clock nodeClock) {
        this.connections = connections;
        this.dialect = dialect;
        this.nodeClock = nodeClock;
    }

    /**
     * Runs the checks.
     *
     * @throws PortException if the database or its connections cannot be used
     */
    Result run() {
        try {
            return connections.use(this::check);
        } catch (SQLException e) {
            throw SqlExceptionTranslator.translate(PORT, e);
        }
    }

    private Result check(Connection connection) throws SQLException {
        Result result =
                switch (dialect) {
                    case H2 -> checkH2(connection);
                    case POSTGRESQL -> checkPostgres(connection);
                };
        warnOfClockDifference(connection);
        endTransaction(connection);
        return result;
    }

    private static Result checkH2(Connection connection) throws SQLException {
        boolean readOnly =
                query(
                        connection,
                        "select readonly() as read_only",
                        row -> row.getBoolean("read_only"));
        if (readOnly) {
            throw PortException.permanent(PORT, READ_ONLY.formatted("read-only"));
        }
        if (connection.getTransactionIsolation() != Connection.TRANSACTION_READ_COMMITTED) {
            throw PortException.permanent(
                    PORT,
                    "the connections do not have the isolation level READ COMMITTED; configure it"
                            + " in the connection pool");
        }
        return new Result(false, false);
    }

    private Result checkPostgres(Connection connection) throws SQLException {
        Settings settings = query(connection, SETTINGS, EnvironmentCheck::settings);
        settings.problem()
                .ifPresent(
                        problem -> {
                            throw PortException.permanent(PORT, problem);
                        });
        if (settings.isIsolationAboveReadCommitted()) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the default isolation level is {0}; each transaction is set to read committed,"
                            + " which costs a round trip; set default_transaction_isolation to read"
                            + " committed for the database user",
                    settings.isolation());
        }
        boolean sharesSessions = sharesSessions(connection);
        requireEffectiveCommit(connection);
        return new Result(settings.isIsolationAboveReadCommitted(), sharesSessions);
    }

    private static Settings settings(ResultSet row) throws SQLException {
        return new Settings(
                row.getInt("version"),
                row.getString("encoding"),
                row.getBoolean("standby"),
                row.getBoolean("read_only"),
                row.getString("standard_conforming_strings"),
                row.getString("isolation"));
    }

    /**
     * Returns whether a connection pooler in transaction mode is in between. It executes each
     * transaction in any of its sessions. The driver's prepared statements belong to a session, and
     * all clients use the same names for them: a COMMIT that the driver has prepared as {@code S_1}
     * executes the {@code S_1} of another client, which may be a ROLLBACK, and succeeds.
     *
     * @throws PortException if the driver prepares statements in such sessions
     */
    private boolean sharesSessions(Connection connection) throws SQLException {
        if (!PostgresDriver.isPooled(connection, backendPid(connection))
                || !changesSession(connection)) {
            return false;
        }
        if (PostgresDriver.preparesStatements(connection)) {
            throw PortException.permanent(
                    PORT,
                    "the database is behind a connection pooler in transaction mode (such as"
                            + " PgBouncer with pool_mode=transaction), and the driver prepares"
                            + " statements in its sessions, which would lose acknowledged changes;"
                            + " add prepareThreshold=0 to the JDBC URL, or use session mode");
        }
        return true;
    }

    private boolean changesSession(Connection connection) throws SQLException {
        endTransaction(connection);
        try {
            return connections.use(second -> changesSession(connection, second));
        } catch (SQLTransientConnectionException poolOfOneConnection) {
            return true;
        }
    }

    /**
     * Returns whether one of two connections leaves its session between two transactions. Where no
     * other client is active, a pooler gives the same session to both.
     */
    private boolean changesSession(Connection first, Connection second) throws SQLException {
        Set<Integer> sessionsOfFirst = new HashSet<>();
        for (int round = 0; round < POOLER_ROUNDS; round++) {
            sessionsOfFirst.add(sessionOfTransaction(first));
            sessionsOfFirst.add(sessionOfTransaction(first));
            boolean autoCommit = second.getAutoCommit();
            second.setAutoCommit(false);
            boolean isShared = sessionsOfFirst.contains(backendPid(second));
            if (!isShared) {
                // The second connection occupies its session until its transaction ends.
                sessionsOfFirst.add(sessionOfTransaction(first));
            }
            second.rollback();
            second.setAutoCommit(autoCommit);
            if (isShared || sessionsOfFirst.size() > 1) {
                return true;
            }
        }
        return false;
    }

    private int sessionOfTransaction(Connection connection) throws SQLException {
        int pid = backendPid(connection);
        endTransaction(connection);
        return pid;
    }

    private static int backendPid(Connection connection) throws SQLException {
        return query(connection, "select pg_backend_pid() as pid", row -> row.getInt("pid"));
    }

    /**
     * Checks with two empty transactions that commit() commits and rollback() rolls back. Data
     * sources exist for which they do nothing, because something else ends the transaction.
     */
    private static void requireEffectiveCommit(Connection connection) throws SQLException {
        boolean autoCommit = connection.getAutoCommit();
        connection.setAutoCommit(false);
        long committed = transactionId(connection);
        connection.commit();
        long rolledBack = transactionId(connection);
        connection.rollback();
        String statuses = status(connection, committed) + ", " + status(connection, rolledBack);
        connection.rollback();
        connection.setAutoCommit(autoCommit);
        if (!statuses.equals("committed, aborted")) {
            throw PortException.permanent(
                    PORT,
                    "commit() and rollback() of the connections have no effect (a committed and a"
                            + " rolled back transaction are: "
                            + statuses
                            + "); use a data source whose transactions Errand can end");
        }
    }

    private static long transactionId(Connection connection) throws SQLException {
        return query(
                connection,
                "select cast(cast(pg_current_xact_id() as text) as bigint) as id",
                row -> row.getLong("id"));
    }

    private static String status(Connection connection, long transactionId) throws SQLException {
        return query(
                connection,
                "select pg_xact_status(cast('" + transactionId + "' as xid8)) as status",
                row -> row.getString("status"));
    }

    private void warnOfClockDifference(Connection connection) throws SQLException {
        Instant before = nodeClock.instant();
        Instant there =
                query(
                        connection,
                        dialect.currentTime(),
                        row -> row.getObject("now", OffsetDateTime.class).toInstant());
        Instant middle = before.plus(Duration.between(before, nodeClock.instant()).dividedBy(2));
        Duration difference = Duration.between(middle, there);
        if (difference.abs().compareTo(MAX_CLOCK_DIFFERENCE) > 0) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the clock of the database differs from the clock of this node by {0}; synchronise"
                            + " both with NTP",
                    difference);
        }
    }

    /** Ends the transaction that a query has begun. */
    private void endTransaction(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.rollback();
        }
    }

    /** Maps the only row of a result. */
    @FunctionalInterface
    private interface RowMapper<T> {
        T map(ResultSet row) throws SQLException;
    }

    private static <T> T query(Connection connection, String sql, RowMapper<T> mapper)
            throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return mapper.map(row);
        }
    }
}
