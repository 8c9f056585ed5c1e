package dev.errand.benchmarks.durable;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What PostgreSQL writes for a unit of work.
 *
 * @param units the number of measured units
 * @param transactions the commits per unit
 * @param logBytes the bytes of write-ahead log per unit, without images of full pages
 * @param fullPageBytes the bytes of images of full pages, which follow a checkpoint, per unit
 * @param indexInsertions the insertions into B-trees per unit
 * @param hotShare the share of the updates of the queue that changed no index, from 0 to 1
 */
record UnitCost(
        long units,
        double transactions,
        double logBytes,
        double fullPageBytes,
        double indexInsertions,
        double hotShare) {

    private static final String FINISHED =
            """
            select (select count(*) from public.errand_run where completed_at is not null)
                + (select count(*) from by_hand.errand_run where completed_at is not null)""";

    private static final String LOG =
            """
            select sum(record_size) as log_bytes, sum(fpi_size) as full_page_bytes,
                sum(count) filter (where "resource_manager/record_type" like 'Btree/INSERT%')
                    as index_insertions
            from pg_get_wal_stats('0/0'::pg_lsn + ?, pg_current_wal_flush_lsn(), true)""";

    private static final String QUEUE_UPDATES =
            """
            select sum(n_tup_upd) as updates, sum(n_tup_hot_upd) as hot_updates
            from pg_stat_user_tables where relname = 'errand_queue'""";

    /** Measures a candidate. Needs PostgreSQL 15 or newer, with the extension pg_walinspect. */
    static UnitCost measure(
            LifecycleCandidate candidate, String url, int threads, LifecycleCandidate.Window window)
            throws Exception {
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.execute(connection, "create extension if not exists pg_walinspect");
        }
        DatabaseCounters before = DatabaseCounters.whenQuiet(url);
        long finishedBefore = finished(url);
        candidate.measure(url, threads, window);
        // Before the next checkpoint, which removes old segments of the log.
        Log log = log(url, before.logBytes());
        DatabaseCounters after = DatabaseCounters.whenQuiet(url);
        long units = finished(url) - finishedBefore;
        return new UnitCost(
                units,
                (double) after.since(before).transactions() / units,
                log.bytes() / units,
                log.fullPageBytes() / units,
                log.indexInsertions() / units,
                hotShare(url));
    }

    private record Log(double bytes, double fullPageBytes, double indexInsertions) {}

    private static Log log(String url, long begin) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                PreparedStatement statement = connection.prepareStatement(LOG)) {
            statement.setLong(1, begin);
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                return new Log(
                        row.getDouble("log_bytes"),
                        row.getDouble("full_page_bytes"),
                        row.getDouble("index_insertions"));
            }
        }
    }

    private static double hotShare(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(QUEUE_UPDATES)) {
            row.next();
            return row.getDouble("hot_updates") / row.getDouble("updates");
        }
    }

    private static long finished(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(FINISHED)) {
            row.next();
            return row.getLong(1);
        }
    }
}
