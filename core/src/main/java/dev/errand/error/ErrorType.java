package dev.errand.error;

/** The families of errors on the wire (contract C3). */
public enum ErrorType {
    /** The input is to be mended. */
    VALIDATION_ERROR("validation_error"),
    /** The request as such cannot be served. */
    INVALID_REQUEST("invalid_request"),
    /** Who asks is unknown, or may not. */
    AUTHENTICATION_ERROR("authentication_error"),
    /** Errand or what it stands on failed. */
    SERVER_ERROR("server_error");

    private final String wire;

    ErrorType(String wire) {
        this.wire = wire;
    }

    /** The envelope's {@code type}. */
    public String wire() {
        return wire;
    }
}
