package dev.errand.benchmarks.durable;

import dev.errand.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The PostgreSQL that is measured: an existing one, or one of our own that writes to the disk. */
final class DatabaseServer {

    private final String url;

    private DatabaseServer(String url) {
        this.url = url;
    }

    /** The server behind this URL, or a new one with the defaults that ends with this JVM. */
    static DatabaseServer of(Optional<String> existing) {
        return new DatabaseServer(existing.orElseGet(DatabaseServer::start));
    }

    private static String start() {
        try {
            return PostgresServer.startDurable().newDatabase("errand_bench");
        } catch (SQLException e) {
            throw new IllegalStateException("a new server makes no database", e);
        }
    }

    /** The URL of a database. */
    String url(String database) {
        return url.replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1");
    }

    /** Makes a database unless it is there; whether it was made. */
    boolean make(String database) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet found =
                        statement.executeQuery(
                                "select 1 from pg_database where datname = '" + database + "'")) {
            if (found.next()) {
                return false;
            }
            BenchmarkTables.execute(connection, "create database " + database);
            return true;
        }
    }

    /** Makes a new, empty database in place of one of the same name. */
    String makeNew(String database) throws SQLException {
        return makeCopy(database, "template1");
    }

    /** Makes a copy of a database, whose files are on the disk when it is used. */
    String makeCopy(String database, String template) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.execute(
                    connection,
                    "drop database if exists " + database + " with (force)",
                    "create database " + database + " template " + template,
                    "checkpoint");
        }
        return url(database);
    }

    /** Version and the settings that matter, for the report. */
    String description() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                select 'PostgreSQL ' || current_setting('server_version')
                                    || ', fsync ' || current_setting('fsync')
                                    || ', synchronous_commit '
                                    || current_setting('synchronous_commit')
                                    || ', shared_buffers ' || current_setting('shared_buffers')
                                    || ', ' || current_setting('wal_sync_method')""")) {
            row.next();
            return row.getString(1);
        }
    }
}
