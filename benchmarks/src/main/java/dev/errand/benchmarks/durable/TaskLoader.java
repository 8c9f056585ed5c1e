package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * Fills the empty tables of the current schema with {@link SampleRows}, and creates the indexes
 * afterwards.
 */
final class TaskLoader {

    private static final long ROWS_AT_ONCE = 20_000;

    private static final String INDEXES =
            """
            select indexname, indexdef from pg_indexes
            where schemaname = current_schema() and tablename in ('errand_task', 'errand_run')
                and indexname not in (select conname from pg_constraint)""";

    private final Connection connection;
    private final PrintStream out;

    TaskLoader(Connection connection, PrintStream out) {
        this.connection = connection;
        this.out = out;
    }

    /** An index that is created after the rows are inserted. */
    private record Index(String name, String definition) {}

    /**
     * Loads the given number of tasks.
     *
     * @param open whether some of the latest runs have not ended
     */
    void load(long tasks, boolean open) throws SQLException {
        List<Index> indexes = indexes();
        for (Index index : indexes) {
            BenchmarkTables.execute(connection, "drop index " + index.name());
        }
        // The generated rows satisfy the foreign keys, so checking them millions of times is
        // skipped.
        BenchmarkTables.execute(connection, "set session_replication_role = replica");
        insert("tasks", SampleRows.tasks(open), tasks);
        insert("runs of tasks", SampleRows.runs(open), tasks);
        BenchmarkTables.execute(connection, SampleRows.queueEntries());
        BenchmarkTables.execute(connection, "set session_replication_role = default");
        BenchmarkTables.execute(
                connection,
                "insert into errand_project (project_id, next_task_number) values (%d, %d)"
                        .formatted(SampleRows.PROJECT, tasks));
        ProgressBar progress = new ProgressBar(out, "indexes", indexes.size());
        for (int made = 0; made < indexes.size(); made++) {
            progress.update(made);
            BenchmarkTables.execute(connection, indexes.get(made).definition());
        }
        progress.update(indexes.size());
        BenchmarkTables.execute(
                connection,
                "vacuum (analyze) errand_task",
                "vacuum (analyze) errand_run",
                "vacuum (analyze) errand_queue",
                "checkpoint");
    }

    private void insert(String rows, String sql, long tasks) throws SQLException {
        ProgressBar progress = new ProgressBar(out, rows, tasks);
        try (PreparedStatement insert = connection.prepareStatement(sql)) {
            for (long from = 0; from < tasks; from += ROWS_AT_ONCE) {
                progress.update(from);
                insert.setLong(1, from);
                insert.setLong(2, Math.min(tasks, from + ROWS_AT_ONCE) - 1);
                insert.executeUpdate();
            }
        }
        progress.update(tasks);
    }

    private List<Index> indexes() throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(INDEXES)) {
            List<Index> indexes = new ArrayList<>();
            while (found.next()) {
                indexes.add(new Index(found.getString(1), found.getString(2)));
            }
            return indexes;
        }
    }
}
