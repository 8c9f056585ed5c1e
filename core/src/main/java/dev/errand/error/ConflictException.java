package dev.errand.error;

/**
 * The request is in conflict with the current state of an object, and changed nothing. With {@link
 * ErrorCode#CONFLICT}, concurrent updates prevented an update on each of a bounded number of
 * attempts; the request is safe to repeat.
 */
public final class ConflictException extends RequestException {

    private static final long serialVersionUID = 1L;

    /** Creates the exception with the default text. */
    public ConflictException() {
        super(ErrorCode.CONFLICT, ErrorCode.CONFLICT.detail());
    }

    private ConflictException(ErrorCode code, String detail) {
        super(code, detail);
    }

    /**
     * Creates the exception for content of a conversation that was not accepted
     * (docs/wire/conversations.md#l4.2).
     */
    public static ConflictException session(String detail) {
        return new ConflictException(ErrorCode.SESSION_CONFLICT, detail);
    }
}
