package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** Creates copies of a template database with some thousand finished tasks, one copy at a time. */
final class DatabaseCopies {

    private static final String TEMPLATE = "errand_bench_template";
    private static final String COPY = "errand_bench_units";
    private static final long FINISHED_TASKS = 5_000;

    private final DatabaseServer server;

    private DatabaseCopies(DatabaseServer server) {
        this.server = server;
    }

    /** Creates the template, with the tables of Errand and of the baseline. */
    static DatabaseCopies prepare(DatabaseServer server, PrintStream out) throws SQLException {
        String url = server.createNew(TEMPLATE);
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String schema : List.of(BenchmarkTables.ERRAND, BenchmarkTables.BASELINE)) {
                BenchmarkTables.createWithoutSearch(connection, schema);
                new TaskLoader(connection, out).load(FINISHED_TASKS, false);
            }
        }
        return new DatabaseCopies(server);
    }

    /** Replaces the previous copy by a new one, and returns its URL. */
    String next() throws SQLException {
        return server.createCopy(COPY, TEMPLATE);
    }
}
