package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Where connections come from, and who ends their transactions. */
interface Connections {

    /** What is done with a connection. */
    @FunctionalInterface
    interface Use<T> {
        T with(Connection connection) throws SQLException;
    }

    /** Lends a connection. */
    <T> T with(Use<T> use) throws SQLException;

    /** Whether a lent connection can be within a transaction of the host. */
    boolean joinsHost();

    /** Whether this lent connection is within a transaction of the host, which the host ends. */
    boolean isJoined(Connection connection) throws SQLException;

    /**
     * Connections of a data source; with {@code joinsHost} one without autocommit is within a
     * transaction of the host, otherwise it is the pool's way and the transaction is ours.
     */
    record Pooled(DataSource dataSource, boolean joinsHost) implements Connections {
        @Override
        public <T> T with(Use<T> use) throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                return use.with(connection);
            }
        }

        @Override
        public boolean isJoined(Connection connection) throws SQLException {
            return joinsHost && !connection.getAutoCommit();
        }
    }

    /** The one connection of a transaction that the host began; it is never closed here. */
    record Joined(Connection connection) implements Connections {
        @Override
        public <T> T with(Use<T> use) throws SQLException {
            return use.with(connection);
        }

        @Override
        public boolean joinsHost() {
            return true;
        }

        @Override
        public boolean isJoined(Connection lent) {
            return true;
        }
    }
}
