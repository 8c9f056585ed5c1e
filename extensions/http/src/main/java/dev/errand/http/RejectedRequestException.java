package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.spi.ErrandException;
import java.time.Duration;
import java.util.Optional;

/** A request that is rejected because of the load that it causes, not because of its content. */
final class RejectedRequestException extends ErrandException {

    private static final long serialVersionUID = 1L;
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final ErrorCode code;
    private final transient Optional<Duration> retryAfter;

    private RejectedRequestException(
            ErrorCode code, String message, Optional<Duration> retryAfter) {
        super(message);
        this.code = code;
        this.retryAfter = retryAfter;
    }

    /** Returns the exception for a body that arrives too slowly. */
    static RejectedRequestException tooSlow() {
        return new RejectedRequestException(
                ErrorCode.REQUEST_TIMEOUT, ErrorCode.REQUEST_TIMEOUT.detail(), Optional.empty());
    }

    /** Returns the exception for a limit that all callers share. */
    static RejectedRequestException overloaded() {
        return new RejectedRequestException(
                ErrorCode.OVERLOADED, ErrorCode.OVERLOADED.detail(), Optional.of(PAUSE));
    }

    /** Returns the exception for a limit of one caller. */
    static RejectedRequestException tooMany(String what, int max) {
        return new RejectedRequestException(
                ErrorCode.TOO_MANY_REQUESTS,
                "More than " + max + " " + what + " at the same time. Try again later.",
                Optional.of(PAUSE));
    }

    ErrorCode code() {
        return code;
    }

    /** Returns when the client may try again, if waiting helps. */
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
