package dev.errand.benchmarks.durable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * Counters of a database.
 *
 * @param transactions the committed transactions of the database
 * @param logBytes the bytes of write-ahead log of its server
 */
record DatabaseCounters(long transactions, long logBytes) {

    private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);

    private static final String OTHERS =
            """
            select count(*) from pg_stat_activity
            where datname = current_database() and backend_type = 'client backend'
                and pid <> pg_backend_pid()""";

    private static final String TRANSACTIONS =
            "select xact_commit from pg_stat_database where datname = current_database()";

    private static final String LOG_BYTES =
            "select (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint";

    /**
     * Flushes and analyzes the tables, and returns the counters.
     *
     * @throws IllegalStateException if other connections remain open, because their work is counted
     *     only when they close
     */
    static DatabaseCounters whenQuiet(String url) throws SQLException, InterruptedException {
        long end = System.nanoTime() + TIMEOUT_NANOS;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            while (number(statement, OTHERS) > 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException(
                            "other connections to the database remain open");
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            BenchmarkTables.execute(connection, "analyze", "checkpoint");
            return new DatabaseCounters(
                    number(statement, TRANSACTIONS), number(statement, LOG_BYTES));
        }
    }

    /** Returns the difference to earlier counters. */
    DatabaseCounters since(DatabaseCounters before) {
        return new DatabaseCounters(transactions - before.transactions, logBytes - before.logBytes);
    }

    private static long number(Statement statement, String query) throws SQLException {
        try (var row = statement.executeQuery(query)) {
            row.next();
            return row.getLong(1);
        }
    }
}
