package dev.errand.benchmarks.durable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Creates the tables from the migrations of jdbc-backend, for Errand and, with another prefix, for
 * the baseline.
 */
final class BenchmarkTables {

    /** The prefix of the tables of Errand. */
    static final String ERRAND = "errand_";

    /** The prefix of the tables of the baseline. */
    static final String BASELINE = "by_hand_";

    private static final String FOLDER = "/META-INF/errand/";

    private BenchmarkTables() {}

    /** Creates the tables with the search index. */
    static void create(Connection connection, String prefix) throws SQLException {
        createWithoutSearch(connection, prefix);
        execute(connection, read("postgresql-trigram/R__search.sql"), prefix);
    }

    /** Creates the tables without extensions. */
    static void createWithoutSearch(Connection connection, String prefix) throws SQLException {
        execute(connection, read("postgresql/V1__tables.sql"), prefix);
        execute(connection, read("postgresql/V2__terms.sql"), prefix);
        execute(connection, read("postgresql/V3__stage.sql"), prefix);
    }

    private static void execute(Connection connection, String script, String prefix)
            throws SQLException {
        execute(connection, script.replace("${prefix}", prefix));
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
