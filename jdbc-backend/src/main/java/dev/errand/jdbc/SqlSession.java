package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** The connection of one operation. Not thread-safe. */
final class SqlSession {

    private final Connection connection;
    private final int timeoutInSeconds;
    private boolean rollbackOnly;

    SqlSession(Connection connection, int timeoutInSeconds) {
        this.connection = connection;
        this.timeoutInSeconds = timeoutInSeconds;
    }

    /** Prepares a statement. */
    SqlStatement statement(String sql) throws SQLException {
        return new SqlStatement(connection, sql, timeoutInSeconds);
    }

    /** Marks the transaction for rollback and returns {@code result}. */
    <T> T rollBackAndReturn(T result) {
        rollbackOnly = true;
        return result;
    }

    boolean isRollbackOnly() {
        return rollbackOnly;
    }

    /**
     * Executes an insert that may violate a unique key, and returns false if it does. On PostgreSQL
     * the statement then has no effect ({@code on conflict do nothing}); on H2 its failure rolls
     * back only that statement.
     */
    static boolean insertIfAbsent(SqlStatement insert) throws SQLException {
        try {
            return insert.updateOne();
        } catch (SQLException e) {
            if (SqlExceptionTranslator.isUniqueViolation(e)) {
                return false;
            }
            throw e;
        }
    }
}
