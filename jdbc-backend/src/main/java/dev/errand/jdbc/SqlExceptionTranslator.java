package dev.errand.jdbc;

import dev.errand.spi.BackendException;
import dev.errand.spi.RetryTransactionException;
import java.sql.SQLException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.util.Set;

/**
 * Translates {@link SQLException}s to {@link BackendException}s by their SQLState. Messages contain
 * only the SQLState, because driver messages may quote data; the original exception is the cause.
 */
final class SqlExceptionTranslator {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final String READ_ONLY = "25006";

    /** H2: the database is read-only. */
    private static final String READ_ONLY_H2 = "90097";

    /**
     * SQLState classes after which the same call can succeed: connection, transaction rollback,
     * insufficient resources, object not in prerequisite state (lock not available), operator
     * intervention (timeout).
     */
    private static final Set<String> RETRYABLE_CLASSES = Set.of("08", "40", "53", "55", "57");

    /** H2: lock timeout, concurrent update, connection broken, object closed, database closed. */
    private static final Set<String> RETRYABLE_STATES =
            Set.of("HYT00", "90131", "90067", "90098", "90121");

    /**
     * Serialization failure, deadlock, and H2's concurrent update: the database has rolled back the
     * transaction.
     */
    private static final Set<String> ROLLED_BACK_STATES = Set.of("40001", "40P01", "90131");

    private SqlExceptionTranslator() {}

    static boolean isUniqueViolation(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    /**
     * Returns whether the transaction was rolled back for certain, so that it can be repeated
     * immediately.
     */
    static boolean isRolledBack(SQLException failure) {
        return ROLLED_BACK_STATES.contains(stateOf(failure));
    }

    /** Returns the exception that the port throws. */
    static BackendException translate(String port, SQLException failure) {
        String state = stateOf(failure);
        if (state.equals(READ_ONLY) || state.equals(READ_ONLY_H2)) {
            return BackendException.permanent(
                    port,
                    "the database is read-only; Errand needs a writable primary, not a replica",
                    failure);
        }
        return isRetryable(failure, state)
                ? BackendException.retryable(
                        port,
                        "the database is temporarily unavailable (SQLState " + state + ")",
                        failure)
                : BackendException.permanent(
                        port,
                        "the database rejected a statement (SQLState " + state + ")",
                        failure);
    }

    /** Returns the exception that the port throws in a transaction of the host. */
    static BackendException translateInHostTransaction(String port, SQLException failure) {
        String state = stateOf(failure);
        if (state.equals(READ_ONLY)) {
            return BackendException.permanent(
                    port,
                    "the transaction of the host or the database is read-only (SQLState "
                            + state
                            + ")",
                    failure);
        }
        return isRetryable(failure, state)
                ? new RetryTransactionException(
                        port, "a statement failed (SQLState " + state + ")", failure)
                : translate(port, failure);
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
