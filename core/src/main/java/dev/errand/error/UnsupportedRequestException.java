package dev.errand.error;

/**
 * An HTTP request that the server does not handle: wrong method, media type or size. Thrown by
 * servers, never by the Java API.
 */
public final class UnsupportedRequestException extends RequestException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param code such as {@link ErrorCode#REQUEST_TOO_LARGE}
     * @param detail what was rejected, and what would be accepted
     */
    public UnsupportedRequestException(ErrorCode code, String detail) {
        super(code, detail);
    }
}
