package dev.errand.benchmarks.durable;

import dev.errand.testpostgres.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;

/** The PostgreSQL server under test: an existing one, or a new one with fsync on. */
final class DatabaseServer {

    private final String url;

    private DatabaseServer(String url) {
        this.url = url;
    }

    /** Returns the server at a URL, or a new one with default settings that stops with this JVM. */
    static DatabaseServer of(Optional<String> existing) {
        return new DatabaseServer(existing.orElseGet(DatabaseServer::start));
    }

    private static String start() {
        try {
            return PostgresServer.startDurable().newDatabase("errand_bench");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot create a database on the new server", e);
        }
    }

    /** Returns the URL of a database. */
    String url(String database) {
        return url.replaceFirst("/[^/?]*(\\?|$)", "/" + database + "$1");
    }

    /** Creates a database unless it exists, and returns whether it was created. */
    boolean createIfAbsent(String database) throws SQLException {
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

    /** Creates an empty database, replacing one with the same name. */
    String createNew(String database) throws SQLException {
        return createCopy(database, "template1");
    }

    /** Creates a copy of a database and flushes it to disk. */
    String createCopy(String database, String template) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.execute(
                    connection,
                    "drop database if exists " + database + " with (force)",
                    "create database " + database + " template " + template,
                    "checkpoint");
        }
        return url(database);
    }

    /** Returns the version and the relevant settings. */
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
