package dev.errand.error;

import dev.errand.spi.ErrandException;
import java.util.Objects;

/**
 * A request was rejected and changed nothing. The subclass says what the caller can do about it.
 *
 * <p>Catch a subclass to handle an error; use {@link #code()} to write an error response. If the
 * storage fails, operations throw a {@link dev.errand.spi.PortException} instead, which is not a
 * subclass, because the change may have been stored.
 */
public abstract sealed class RequestException extends ErrandException
        permits InvalidRequestException,
                AuthenticationException,
                AccessDeniedException,
                NotFoundException,
                ConflictException,
                UnsupportedRequestException,
                UnavailableException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    RequestException(ErrorCode code, String message) {
        super(message);
        this.code = Objects.requireNonNull(code, "code");
    }

    RequestException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** Returns the error code, which also determines the HTTP status of a response. */
    public final ErrorCode code() {
        return code;
    }
}
