package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** Copies of one database in which some thousand finished tasks stand; one at a time. */
final class DatabaseCopies {

    private static final String TEMPLATE = "errand_bench_template";
    private static final String COPY = "errand_bench_units";
    private static final long FINISHED_TASKS = 5_000;

    private final DatabaseServer server;

    private DatabaseCopies(DatabaseServer server) {
        this.server = server;
    }

    /** Makes the database that is copied, with the tables of Errand and of the limits by hand. */
    static DatabaseCopies prepare(DatabaseServer server, PrintStream out) throws SQLException {
        String url = server.makeNew(TEMPLATE);
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String prefix : List.of(BenchmarkTables.ERRAND, BenchmarkTables.BY_HAND)) {
                BenchmarkTables.createWithoutSearch(connection, prefix);
                new TaskLoader(connection, prefix, out).load(FINISHED_TASKS, false);
            }
        }
        return new DatabaseCopies(server);
    }

    /** The URL of a new copy, in place of the one before. */
    String next() throws SQLException {
        return server.makeCopy(COPY, TEMPLATE);
    }
}
