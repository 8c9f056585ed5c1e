package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;
import org.jspecify.annotations.NullUnmarked;
import org.postgresql.PGConnection;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;
import org.postgresql.jdbc.PreferQueryMode;

/**
 * Reads the state of a connection from the PostgreSQL driver, without a round trip. For connections
 * of other drivers, and those that do not give access to the driver's connection, the methods
 * return the value that permits the operation.
 */
// NullAway reads the annotations of the driver's packages, whose classes are not present: a
// warning.
@NullUnmarked
final class PostgresDriver {

    private static final boolean PRESENT = isPresent();

    private PostgresDriver() {}

    private static boolean isPresent() {
        try {
            Class.forName(
                    "org.postgresql.core.BaseConnection",
                    false,
                    PostgresDriver.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /** Returns whether a statement of the current transaction has failed. */
    static boolean isTransactionFailed(Connection connection) throws SQLException {
        return isDriverOf(connection)
                && Access.transactionState(connection) == TransactionState.FAILED;
    }

    /** Returns whether the connection is in a transaction. */
    static boolean isInTransaction(Connection connection) throws SQLException {
        return isDriverOf(connection)
                && Access.transactionState(connection) != TransactionState.IDLE;
    }

    /**
     * Returns whether the server process that executes statements is another one than the
     * connection was opened to: a connection pooler is in between.
     *
     * @param backendPid the result of {@code pg_backend_pid()}
     */
    static boolean isPooled(Connection connection, int backendPid) throws SQLException {
        return isDriverOf(connection) && Access.backendPid(connection) != backendPid;
    }

    /** Returns whether the driver prepares statements that belong to the session. */
    static boolean preparesStatements(Connection connection) throws SQLException {
        return isDriverOf(connection) && Access.preparesStatements(connection);
    }

    private static boolean isDriverOf(Connection connection) throws SQLException {
        return PRESENT && Access.isWrapper(connection);
    }

    /** Uses the classes of the driver, which may be absent. */
    private static final class Access {
        static boolean isWrapper(Connection connection) throws SQLException {
            return connection.isWrapperFor(BaseConnection.class);
        }

        static TransactionState transactionState(Connection connection) throws SQLException {
            return connection.unwrap(BaseConnection.class).getTransactionState();
        }

        static int backendPid(Connection connection) throws SQLException {
            return connection.unwrap(PGConnection.class).getBackendPID();
        }

        static boolean preparesStatements(Connection connection) throws SQLException {
            PGConnection driver = connection.unwrap(PGConnection.class);
            return driver.getPrepareThreshold() != 0
                    && driver.getPreferQueryMode() != PreferQueryMode.SIMPLE;
        }
    }
}
