package dev.errand.jdbc;

import java.sql.SQLException;

/**
 * The connection failed while the database committed, so that the change may have been stored or
 * not. The operation must not be repeated without an idempotency key.
 */
final class UnknownOutcomeException extends SQLException {

    private static final long serialVersionUID = 1L;

    private UnknownOutcomeException(SQLException cause) {
        super(cause.getMessage(), cause.getSQLState(), cause.getErrorCode(), cause);
    }

    /** Returns the failure of a commit, or of a statement that commits by itself. */
    static SQLException ofCommit(SQLException failure) {
        return SqlFailure.of(failure).isUndone() ? failure : new UnknownOutcomeException(failure);
    }
}
