package dev.errand.error;

/**
 * The object was changed concurrently on every attempt of a bounded number. Nothing was changed by
 * this request; it is safe to try again.
 */
public final class ConflictException extends RequestException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception. */
    public ConflictException() {
        super(ErrorCode.CONFLICT, ErrorCode.CONFLICT.detail(), null);
    }
}
