package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.host.SampleLog;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;

/**
 * The baseline of appending to a log: one hand-written statement on tables of its own, which moves
 * the head and inserts a segment with digests of its event ids. It checks no writer and compares no
 * event ids.
 */
final class LogBaseline implements TimedLoop.Work {

    private static final String TABLES =
            """
            create table by_hand_log (
                project_id bigint, run_id uuid, last_position bigint not null,
                appended_at timestamptz, primary key (project_id, run_id)
            ) with (fillfactor = 50);
            create table by_hand_log_segment (
                project_id bigint not null, run_id uuid not null, last_position bigint not null,
                first_position bigint not null, entries text not null, events bytea not null,
                primary key (project_id, run_id, last_position));
            insert into by_hand_log
            select 7, ('00000000-0000-0000-0000-' || lpad(i::text, 12, '0'))::uuid, 0, now()
            from generate_series(0, 63) i""";

    private static final String APPEND =
            """
            with head as (
                update by_hand_log
                set last_position = last_position + ?, appended_at = now()
                where project_id = ? and run_id = ?
                returning last_position)
            insert into by_hand_log_segment
            select ?, ?, last_position, last_position - ? + 1, ?, ? from head""";

    private static final int DIGEST_LENGTH = 16;

    private final Connection connection;
    private final PreparedStatement append;
    private final UUID run;
    private final String entries;

    private LogBaseline(Connection connection, UUID run) throws SQLException {
        this.connection = connection;
        this.append = connection.prepareStatement(APPEND);
        this.run = run;
        this.entries = String.join("\n", SampleLog.entries("0", 0));
    }

    static void createTables(String url) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.execute(connection, TABLES);
        }
    }

    /** Opens a connection that appends to the log with a number. */
    static LogBaseline open(String url, int log) throws SQLException {
        return new LogBaseline(DriverManager.getConnection(url), new UUID(0, log));
    }

    @Override
    public int step() throws SQLException {
        append.setLong(1, SampleLog.ENTRIES);
        append.setLong(2, 7);
        append.setObject(3, run);
        append.setLong(4, 7);
        append.setObject(5, run);
        append.setLong(6, SampleLog.ENTRIES);
        append.setString(7, entries);
        append.setBytes(8, new byte[DIGEST_LENGTH * SampleLog.ENTRIES]);
        if (append.executeUpdate() != 1) {
            throw new IllegalStateException("the log does not exist");
        }
        return 1;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
