package dev.errand.error;

import dev.errand.spi.ErrandException;
import java.util.Objects;

/**
 * A request that was not carried out; nothing was changed. Each subclass says what the caller can
 * do about it. Catch a subclass; {@link #code()} is for hosts that write error responses
 * themselves.
 *
 * <p>The other branch of the hierarchy is {@link dev.errand.spi.BackendException}: the storage
 * failed.
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

    RequestException(ErrorCode code, String message, Throwable cause) {
        super(message, cause);
        this.code = Objects.requireNonNull(code, "code");
    }

    /** The error code of the wire, which also determines the HTTP status. */
    public final ErrorCode code() {
        return code;
    }
}
