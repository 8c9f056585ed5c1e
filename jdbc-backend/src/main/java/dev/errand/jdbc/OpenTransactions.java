package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.NullUnmarked;
import org.postgresql.core.BaseConnection;
import org.postgresql.core.TransactionState;

/** Detects whether a connection that is not in autocommit mode has an open transaction. */
// NullAway reads the annotations of the driver's packages, whose classes are not present: a
// warning.
@NullUnmarked
final class OpenTransactions {

    /** For connections of PostgreSQL that are not the driver's, or hide it. */
    private static final String HAS_WRITTEN_ON_POSTGRES =
            "select pg_current_xact_id_if_assigned() is not null as is_open";

    private static final String HAS_WRITTEN_ON_H2 =
            """
            select contains_uncommitted as is_open from information_schema.sessions
            where session_id = session_id()""";

    private OpenTransactions() {}

    /**
     * Returns whether a statement has been executed since the transaction began. On H2, and if the
     * driver of PostgreSQL is not accessible, statements that only read do not count.
     */
    static boolean isOpen(Connection connection) throws SQLException {
        return switch (Dialect.of(connection)) {
            case H2 -> query(connection, HAS_WRITTEN_ON_H2);
            case POSTGRESQL ->
                    isDriverAccessible(connection)
                            ? connection.unwrap(BaseConnection.class).getTransactionState()
                                    != TransactionState.IDLE
                            : query(connection, HAS_WRITTEN_ON_POSTGRES);
        };
    }

    private static boolean isDriverAccessible(Connection connection) throws SQLException {
        try {
            return connection.isWrapperFor(BaseConnection.class);
        } catch (NoClassDefFoundError e) {
            return false;
        }
    }

    private static boolean query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getBoolean("is_open");
        }
    }
}
