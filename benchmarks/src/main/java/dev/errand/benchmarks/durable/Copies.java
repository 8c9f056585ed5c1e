package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;

/** Copies of one database in which some thousand finished tasks stand; one at a time. */
final class Copies {

    private static final String TEMPLATE = "errand_bench_template";
    private static final String COPY = "errand_bench_units";
    private static final long FINISHED_TASKS = 5_000;

    private final Server server;

    private Copies(Server server) {
        this.server = server;
    }

    /** Makes the database that is copied, with the tables of Errand and of the limits by hand. */
    static Copies prepare(Server server, PrintStream out) throws SQLException {
        String url = server.makeNew(TEMPLATE);
        try (Connection connection = DriverManager.getConnection(url)) {
            for (String prefix : List.of(Tables.ERRAND, Tables.BY_HAND)) {
                Tables.createWithoutSearch(connection, prefix);
                new TaskLoader(connection, prefix, out).load(FINISHED_TASKS, false);
            }
        }
        return new Copies(server);
    }

    /** The URL of a new copy, in place of the one before. */
    String next() throws SQLException {
        return server.makeCopy(COPY, TEMPLATE);
    }
}
