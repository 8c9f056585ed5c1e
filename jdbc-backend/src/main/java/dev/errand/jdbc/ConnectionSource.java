package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Provides the connections of the data source, on which the backend begins and ends transactions,
 * and the transactions of the host. Thread-safe.
 *
 * <p>A connection of the data source that is part of a transaction of the host is rejected, because
 * the backend would commit it. Such a connection is not in autocommit mode. The same holds for all
 * connections of some pools; they are accepted if they have no open transaction.
 */
final class ConnectionSource implements AutoCloseable {

    /** A function that uses a connection. */
    @FunctionalInterface
    interface Callback<T> {
        T apply(Connection connection) throws SQLException;
    }

    /** A function that opens a connection or reads one of its properties. */
    @FunctionalInterface
    private interface Query<T> {
        T get() throws SQLException;
    }

    /** Connections of Spring that others use as well, of the current transaction for example. */
    private static final String SHARED_CONNECTION =
            "org.springframework.jdbc.datasource.ConnectionProxy";

    private final DataSource dataSource;
    private final HostTransactions hostTransactions;
    private final ThreadLocal<JoinedTransaction> joined = new ThreadLocal<>();
    private final ReservedConnection reserved = new ReservedConnection(this::openReserved);

    /** Whether the pool returns connections in autocommit mode; null until it must be known. */
    private volatile @Nullable Boolean autoCommitByDefault;

    ConnectionSource(DataSource dataSource, HostTransactions hostTransactions) {
        this.dataSource = dataSource;
        this.hostTransactions = hostTransactions;
    }

    /** Returns the transaction of the host in which the current thread takes part. */
    Optional<JdbcHostTransaction> hostTransaction() {
        JoinedTransaction transaction = joined.get();
        return transaction != null
                ? Optional.of(transaction)
                : hostTransactions.current(dataSource);
    }

    /**
     * Lets the current thread take part in the transaction of a connection.
     *
     * @throws IllegalStateException if it takes part in another transaction of the host
     */
    JoinedTransaction join(Connection connection) {
        if (hostTransaction().isPresent()) {
            throw new IllegalStateException(
                    "this thread takes part in another transaction of the host; end it before"
                            + " join(connection)");
        }
        return new JoinedTransaction(connection, joined);
    }

    /**
     * Calls the callback with a connection of the data source.
     *
     * @throws IllegalStateException if the connection is part of a transaction of the host
     */
    <T> T use(Callback<T> callback) throws SQLException {
        if (autoCommitByDefault == null) {
            try (Connection connection = dataSource.getConnection()) {
                if (connection.getAutoCommit()) {
                    return callback.apply(connection);
                }
            }
            // Queried while no connection is held, because the pool may have only one.
            autoCommitByDefault = onOtherThread(this::isAutoCommitByDefault);
        }
        try (Connection connection = dataSource.getConnection()) {
            requireOwn(connection);
            return callback.apply(connection);
        }
    }

    /**
     * Calls the callback with a connection in autocommit mode that is reserved for this method.
     * Calls in transactions of the host use it: if each of them borrowed a second connection,
     * threads that hold all connections of the pool would wait for each other. One call at a time.
     * The callback is repeated on another connection if the connection was idle and is lost.
     */
    <T> T useReserved(Callback<T> callback) throws SQLException {
        return reserved.use(callback);
    }

    private void requireOwn(Connection connection) throws SQLException {
        if (connection.getAutoCommit()) {
            return;
        }
        boolean expected = Boolean.FALSE.equals(autoCommitByDefault);
        if (!expected || isShared(connection) || OpenTransactions.isOpen(connection)) {
            throw hostConnection();
        }
    }

    private static IllegalStateException hostConnection() {
        return new IllegalStateException(
                "the data source returned a connection that is part of a transaction of the host,"
                        + " which this backend must not commit. To take part in that transaction,"
                        + " open the backend with joiningTransactions(...) or call"
                        + " join(connection). To store changes independently of it, open the"
                        + " backend with a data source that is not aware of transactions, such as"
                        + " the connection pool.");
    }

    private static boolean isShared(Connection connection) {
        for (Class<?> type : connection.getClass().getInterfaces()) {
            if (type.getName().equals(SHARED_CONNECTION)) {
                return true;
            }
        }
        return false;
    }

    private boolean isAutoCommitByDefault() throws SQLException {
        try (Connection connection = dataSource.getConnection()) {
            return connection.getAutoCommit();
        }
    }

    /**
     * Opens a connection on another thread. A data source that is aware of transactions may
     * nevertheless return a connection that changes into that of the transaction on this thread.
     */
    private Connection openReserved() throws SQLException {
        Connection connection = onOtherThread(this::openInAutoCommitMode);
        if (!connection.getAutoCommit()) {
            connection.close();
            throw hostConnection();
        }
        return connection;
    }

    private Connection openInAutoCommitMode() throws SQLException {
        Connection connection = dataSource.getConnection();
        try {
            connection.setAutoCommit(true);
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** Executes a query on a new thread, which takes part in no transaction of the host. */
    private static <T> T onOtherThread(Query<T> query) throws SQLException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Thread thread =
                new Thread(
                        () -> {
                            try {
                                result.complete(query.get());
                            } catch (SQLException | RuntimeException | Error e) {
                                result.completeExceptionally(e);
                            }
                        },
                        "errand-connection");
        thread.setDaemon(true);
        thread.start();
        try {
            return result.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof SQLException failure
                    ? failure
                    : new SQLException("the data source failed", e.getCause());
        }
    }

    /** Closes the reserved connection. */
    @Override
    public void close() {
        reserved.close();
    }
}
