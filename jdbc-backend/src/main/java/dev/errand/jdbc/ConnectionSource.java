package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Provides connections and knows who ends their transactions. */
interface ConnectionSource {

    /** A function that uses a connection. */
    @FunctionalInterface
    interface Callback<T> {
        T apply(Connection connection) throws SQLException;
    }

    /** Calls the callback with a connection. */
    <T> T use(Callback<T> callback) throws SQLException;

    /** Returns whether connections can be part of a host transaction. */
    boolean joinsHostTransactions();

    /** Returns whether this connection is part of a transaction that the host ends. */
    boolean isInHostTransaction(Connection connection) throws SQLException;

    /**
     * Connections of a data source. If {@code joinsHostTransactions} is set, a connection that is
     * not in autocommit mode is part of a host transaction; otherwise that is the pool's
     * configuration, and the transaction belongs to the operation.
     */
    record FromDataSource(DataSource dataSource, boolean joinsHostTransactions)
            implements ConnectionSource {
        @Override
        public <T> T use(Callback<T> callback) throws SQLException {
            try (Connection connection = dataSource.getConnection()) {
                return callback.apply(connection);
            }
        }

        @Override
        public boolean isInHostTransaction(Connection connection) throws SQLException {
            return joinsHostTransactions && !connection.getAutoCommit();
        }
    }

    /** The connection of a transaction that the host began. It is not closed here. */
    record HostConnection(Connection connection) implements ConnectionSource {
        @Override
        public <T> T use(Callback<T> callback) throws SQLException {
            return callback.apply(connection);
        }

        @Override
        public boolean joinsHostTransactions() {
            return true;
        }

        @Override
        public boolean isInHostTransaction(Connection lent) {
            return true;
        }
    }
}
