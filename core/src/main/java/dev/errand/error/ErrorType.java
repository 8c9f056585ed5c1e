package dev.errand.error;

/** The types of errors, which group the {@linkplain ErrorCode codes} (docs/wire/errors.md#c3). */
public enum ErrorType {
    /** The input is not valid. */
    VALIDATION_ERROR("validation_error"),
    /**
     * The request could not be processed: not readable, not found, wrong method or media type, too
     * large, or in conflict with other changes.
     */
    INVALID_REQUEST("invalid_request"),
    /** The caller is unknown or not allowed to make the request. */
    AUTHENTICATION_ERROR("authentication_error"),
    /** The server, or a system that it depends on, failed. */
    SERVER_ERROR("server_error");

    private final String wire;

    ErrorType(String wire) {
        this.wire = wire;
    }

    /** Returns the member {@code type} of the response. */
    public String wire() {
        return wire;
    }
}
