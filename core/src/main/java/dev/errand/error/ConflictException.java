package dev.errand.error;

/**
 * Concurrent updates of the same object prevented an update on each of a bounded number of
 * attempts. The request changed nothing; it is safe to repeat.
 */
public final class ConflictException extends RequestException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception with the default text. */
    public ConflictException() {
        super(ErrorCode.CONFLICT, ErrorCode.CONFLICT.detail());
    }
}
