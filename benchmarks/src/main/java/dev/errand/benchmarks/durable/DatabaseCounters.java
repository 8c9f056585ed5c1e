package dev.errand.benchmarks.durable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.TimeUnit;

/**
 * What a database has done so far.
 *
 * @param transactions committed in it
 * @param logBytes written ahead by its server
 */
record DatabaseCounters(long transactions, long logBytes) {

    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

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
     * Brings what was loaded to the disk and the planner to know of it, and takes stock.
     *
     * @throws IllegalStateException if others stay connected: they tell what they did at their end
     */
    static DatabaseCounters whenQuiet(String url) throws SQLException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            while (number(statement, OTHERS) > 0) {
                if (System.nanoTime() > end) {
                    throw new IllegalStateException("others are at work in the database");
                }
                TimeUnit.MILLISECONDS.sleep(20);
            }
            BenchmarkTables.execute(connection, "analyze", "checkpoint");
            return new DatabaseCounters(
                    number(statement, TRANSACTIONS), number(statement, LOG_BYTES));
        }
    }

    /** What was done since then. */
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
