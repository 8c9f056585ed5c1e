package dev.errand.jdbc;

import java.sql.Connection;
import java.sql.SQLException;

/** A connection for the time of one step. Not thread-safe. */
final class Session {

    private final Connection connection;
    private final int timeoutInSeconds;
    private boolean refused;

    Session(Connection connection, int timeoutInSeconds) {
        this.connection = connection;
        this.timeoutInSeconds = timeoutInSeconds;
    }

    /** A statement to be bound and executed. */
    Call call(String sql) throws SQLException {
        return new Call(connection, sql, timeoutInSeconds);
    }

    /** Lets nothing of this step stand, and answers with {@code answer} all the same. */
    <T> T refuse(T answer) {
        refused = true;
        return answer;
    }

    boolean isRefused() {
        return refused;
    }

    /**
     * Executes an insert that may meet a row of the same key; false if it did. Either the dialect's
     * statement does nothing then, or its failure undoes that statement alone.
     */
    static boolean insertUnlessPresent(Call insert) throws SQLException {
        try {
            return insert.execute();
        } catch (SQLException e) {
            if (Failures.isUniqueViolation(e)) {
                return false;
            }
            throw e;
        }
    }
}
