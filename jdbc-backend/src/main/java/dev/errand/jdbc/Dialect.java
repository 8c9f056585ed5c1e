package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the two databases do not share. */
enum Dialect {
    /** PostgreSQL 13 and later. */
    POSTGRESQL("postgresql") {
        @Override
        String returning(String change, String columns) {
            return change + " returning " + columns;
        }

        @Override
        String insertIfAbsent(String insert, String key) {
            return insert + " on conflict (" + key + ") do nothing";
        }

        @Override
        String upsert(String insert, String key, String columns) {
            String changes =
                    Stream.of(columns.split(", "))
                            .map(column -> column + " = excluded." + column)
                            .collect(Collectors.joining(", "));
            return insert + " on conflict (" + key + ") do update set " + changes;
        }

        @Override
        String skipLocked() {
            return " for update skip locked";
        }

        @Override
        String currentTime() {
            return "select clock_timestamp()";
        }

        @Override
        String readOnlyCheck() {
            return """
            select pg_is_in_recovery() or current_setting('transaction_read_only') = 'on'""";
        }
    },

    /** H2 2.x. */
    H2("h2") {
        @Override
        String returning(String change, String columns) {
            return "select " + columns + " from final table (" + change + ")";
        }

        @Override
        String insertIfAbsent(String insert, String key) {
            return insert;
        }

        @Override
        String upsert(String insert, String key, String columns) {
            return insert.replaceFirst(
                    "insert into (\\S+) \\((.*?)\\)", "merge into $1 ($2) key (" + key + ")");
        }

        @Override
        String skipLocked() {
            return "";
        }

        @Override
        String currentTime() {
            return "select current_timestamp(6)";
        }

        @Override
        String readOnlyCheck() {
            return "select readonly()";
        }
    };

    private final String folder;

    Dialect(String folder) {
        this.folder = folder;
    }

    /** The dialect of the database behind a connection. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "H2" -> H2;
            default ->
                    throw BackendException.permanent(
                            "JdbcBackend",
                            product + " is not supported; PostgreSQL and H2 are",
                            null);
        };
    }

    /** Where its migrations are. */
    String folder() {
        return folder;
    }

    /** Whether one statement can change several tables. */
    boolean supportsMultiTableStatements() {
        return this == POSTGRESQL;
    }

    /**
     * Whether a process that dies leaves a whole file only if nothing else was written while a
     * transaction was committed. H2 stores what every transaction did so far, table by table and
     * index by index, while others go on: of those, some tables are stored as they were before a
     * change, and some as they were after it (its issue 2080).
     */
    boolean serializesWrites() {
        return this == H2;
    }

    /** The change as a query for these columns of the changed rows. */
    abstract String returning(String change, String columns);

    /** The insert, which does nothing where the database lets it and a row has the same key. */
    abstract String insertIfAbsent(String insert, String key);

    /** The insert, which gives these columns of a row of the same key their new values instead. */
    abstract String upsert(String insert, String key, String columns);

    /** What a subquery for rows to be deleted ends with, so that it waits for nobody. */
    abstract String skipLocked();

    /** What a query ends with whose rows nobody may change until this transaction ends. */
    String lockAgainstChanges() {
        return this == POSTGRESQL ? " for share" : " for update";
    }

    /** Asks for the time, not for that of the transaction's begin. */
    abstract String currentTime();

    /** Asks whether nothing can be written. */
    abstract String readOnlyCheck();
}
