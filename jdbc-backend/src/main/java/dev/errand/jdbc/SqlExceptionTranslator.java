package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/**
 * What a failed statement means, told by its SQLState. Messages name the state only: what a driver
 * says may quote the row; it is in the cause.
 */
final class SqlExceptionTranslator {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String READ_ONLY = "25006";

    /** H2: the database or its page store cannot be written. */
    private static final String READ_ONLY_H2 = "90097";

    /**
     * Connection, rollback, resources, operator or time-out, lock not available: the same call,
     * made again, can succeed.
     */
    private static final Set<String> RETRYABLE_CLASSES = Set.of("08", "40", "53", "55", "57");

    /** H2: lock time-out, row changed meanwhile, connection broken, closed, database closed. */
    private static final Set<String> RETRYABLE_STATES =
            Set.of("HYT00", "90131", "90067", "90098", "90121");

    /**
     * Serialization failure, deadlock, and H2's "row changed meanwhile": the database undid
     * everything, and says so.
     */
    private static final Set<String> ROLLED_BACK_STATES = Set.of("40001", "40P01", "90131");

    private SqlExceptionTranslator() {}

    static boolean isUniqueViolation(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    /** Whether nothing of the transaction stands for sure, and it may be made again at once. */
    static boolean isRolledBack(SQLException failure) {
        return ROLLED_BACK_STATES.contains(stateOf(failure));
    }

    /** The failure as the port's caller gets it. */
    static BackendException translate(String port, SQLException failure) {
        String state = stateOf(failure);
        if (state.equals(READ_ONLY) || state.equals(READ_ONLY_H2)) {
            return BackendException.permanent(
                    port,
                    "the database is read-only, perhaps a replica; Errand needs the primary",
                    failure);
        }
        return isRetryable(failure, state)
                ? BackendException.retryable(
                        port, "the database cannot answer now (SQLState " + state + ")", failure)
                : BackendException.permanent(
                        port, "the database refused a statement (SQLState " + state + ")", failure);
    }

    private static boolean isRetryable(SQLException failure, String state) {
        return RETRYABLE_STATES.contains(state)
                || state.length() == 5 && RETRYABLE_CLASSES.contains(state.substring(0, 2))
                || failure instanceof SQLTransientException
                || failure instanceof SQLRecoverableException;
    }

    private static String stateOf(SQLException failure) {
        return failure.getSQLState() == null ? "unknown" : failure.getSQLState();
    }
}
