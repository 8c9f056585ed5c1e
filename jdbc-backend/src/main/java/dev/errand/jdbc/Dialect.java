package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The differences between the two databases. */
enum Dialect {
    /** PostgreSQL 14 and later. */
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
            return "select clock_timestamp() as now";
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
            return "select current_timestamp(6) as now";
        }
    };

    private final String folder;

    Dialect(String folder) {
        this.folder = folder;
    }

    /** Returns the dialect of the database behind a connection. */
    static Dialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName();
        return switch (product) {
            case "PostgreSQL" -> POSTGRESQL;
            case "H2" -> H2;
            default ->
                    throw BackendException.permanent(
                            "JdbcBackend",
                            "database '" + product + "' is not supported; use PostgreSQL or H2");
        };
    }

    /** Returns the folder of its migrations. */
    String folder() {
        return folder;
    }

    /** Returns the text for this database of a statement that differs between the two. */
    String choose(String postgresql, String h2) {
        return this == POSTGRESQL ? postgresql : h2;
    }

    /** Returns whether one statement can change several tables. */
    boolean supportsMultiTableStatements() {
        return this == POSTGRESQL;
    }

    /**
     * Returns whether writing operations must be executed one at a time, so that the file is
     * consistent after the process is killed. H2 stores the changes of all open transactions, table
     * by table and index by index, while others continue: a kill can leave some tables as they were
     * before a change and others as they were after it (H2 issue 2080).
     */
    boolean serializesWrites() {
        return this == H2;
    }

    /** Returns the change as a query for the given columns of the changed rows. */
    abstract String returning(String change, String columns);

    /**
     * Returns the insert, which does nothing if a row with the same key exists and the database
     * supports that.
     */
    abstract String insertIfAbsent(String insert, String key);

    /** Returns the insert, which updates the given columns of an existing row with the same key. */
    abstract String upsert(String insert, String key, String columns);

    /** Returns the suffix of a subquery for rows to delete, so that it skips locked rows. */
    abstract String skipLocked();

    /** Returns the suffix of a query whose rows must not change until the transaction ends. */
    String lockAgainstChanges() {
        return this == POSTGRESQL ? " for share" : " for update";
    }

    /** Returns a query for the current time, not the time at which the transaction began. */
    abstract String currentTime();
}
