package dev.errand.jdbc;

import dev.errand.spi.PortException;
import dev.errand.spi.RetryTransactionException;
import java.sql.SQLException;

/**
 * Translates {@link SQLException}s to {@link PortException}s. Messages contain only the SQLState,
 * because driver messages may quote data; the original exception is the cause.
 */
final class SqlExceptionTranslator {

    private static final String UNIQUE_VIOLATION = "23505";

    private SqlExceptionTranslator() {}

    static boolean isUniqueViolation(SQLException failure) {
        return UNIQUE_VIOLATION.equals(failure.getSQLState());
    }

    /** Returns the exception that the port throws. */
    static PortException translate(String port, SQLException failure) {
        SqlFailure kind = SqlFailure.of(failure);
        String message =
                kind.message()
                        + (failure instanceof UnknownOutcomeException
                                ? " during a commit, so the change may have been stored"
                                : "")
                        + " (SQLState "
                        + failure.getSQLState()
                        + ")";
        return kind.retryAfter()
                .<PortException>map(after -> PortException.retryable(port, message, failure, after))
                .orElseGet(() -> PortException.permanent(port, message, failure));
    }

    /** Returns the exception that the port throws in a transaction of the host. */
    static PortException translateInHostTransaction(String port, SQLException failure) {
        SqlFailure kind = SqlFailure.of(failure);
        String state = " (SQLState " + failure.getSQLState() + ")";
        if (kind == SqlFailure.READ_ONLY) {
            return PortException.permanent(
                    port,
                    "the transaction of the host or the database is read-only" + state,
                    failure);
        }
        return kind.retryAfter().isPresent()
                ? new RetryTransactionException(port, kind.message() + state, failure)
                : translate(port, failure);
    }
}
