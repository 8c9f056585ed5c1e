package dev.errand.jdbc;

import dev.errand.spi.PortException;
import java.sql.Connection;
import java.sql.SQLException;

/** The differences between the two databases. */
enum Dialect {
    /** PostgreSQL 14 and later. */
    POSTGRESQL("postgresql") {
        @Override
        String currentTime() {
            return "select clock_timestamp() as now";
        }
    },

    /** H2 2.x. */
    H2("h2") {
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
                    throw PortException.permanent(
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

    /**
     * Returns whether writing operations must be executed one at a time, so that the file is
     * consistent after the process is killed. H2 stores the changes of all open transactions, table
     * by table and index by index, while others continue: a kill can leave some tables as they were
     * before a change and others as they were after it (H2 issue 2080).
     */
    boolean serializesWrites() {
        return this == H2;
    }

    /** Returns a query for the current time, not the time at which the transaction began. */
    abstract String currentTime();
}
