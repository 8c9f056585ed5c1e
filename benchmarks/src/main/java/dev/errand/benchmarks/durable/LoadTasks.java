package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/** Fills an empty PostgreSQL database with sample tasks and runs in Errand's tables. */
public final class LoadTasks {

    private LoadTasks() {}

    /**
     * Creates and fills the tables.
     *
     * @param arguments the URL of the database and the number of tasks
     */
    public static void main(String[] arguments) throws SQLException {
        if (arguments.length != 2) {
            System.err.println("usage: LoadTasks jdbc:postgresql://... 1000000");
            System.exit(2);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Connection connection = DriverManager.getConnection(arguments[0])) {
            BenchmarkTables.create(connection);
            new TaskLoader(connection, out).load(Long.parseLong(arguments[1]), true);
        }
    }
}
