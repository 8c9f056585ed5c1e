package dev.errand.benchmarks.durable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Creates the tables from the migration of jdbc-backend, for Errand and, in another schema, for the
 * baseline.
 */
final class BenchmarkTables {

    /** The schema of Errand. */
    static final String ERRAND = "public";

    /** The schema of the baseline. */
    static final String BASELINE = "by_hand";

    private static final String FOLDER = "/META-INF/errand/";

    private BenchmarkTables() {}

    /** Creates the tables with the search index. */
    static void create(Connection connection) throws SQLException {
        createWithoutSearch(connection, ERRAND);
        execute(connection, read("postgresql-trigram/R__search.sql"));
    }

    /** Creates the tables without extensions, and makes their schema the current one. */
    static void createWithoutSearch(Connection connection, String schema) throws SQLException {
        execute(connection, "create schema if not exists " + schema);
        connection.setSchema(schema);
        execute(connection, read("postgresql/V1__tables.sql"));
    }

    /** Executes statements one by one. */
    static void execute(Connection connection, String... statements) throws SQLException {
        execute(connection, List.of(statements));
    }

    static void execute(Connection connection, List<String> statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private static String read(String file) {
        try (InputStream script = BenchmarkTables.class.getResourceAsStream(FOLDER + file)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException("cannot read " + file, e);
        }
    }
}
