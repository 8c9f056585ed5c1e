package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.spi.PortUnavailableException;
import dev.errand.wire.ErrorBody;
import jakarta.servlet.http.HttpServletRequest;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Maps exceptions to error responses (docs/wire/errors.md#c3, #c5). A server error is logged, and
 * its response contains only the id under which the log has the details, and when the client may
 * retry if the failure is temporary.
 */
final class ErrorResponses {

    private static final Logger LOG = LoggerFactory.getLogger(ErrandServlet.class);
    private static final String REQUEST_ID = "X-Request-Id";
    private static final String RETRY_AFTER = "Retry-After";
    private static final int SERVER_ERROR = 500;

    private static final Set<String> METHODS =
            Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final LimitedLog log = new LimitedLog(System::nanoTime);
    private final int unauthenticatedStatus;

    ErrorResponses(int unauthenticatedStatus) {
        this.unauthenticatedStatus = unauthenticatedStatus;
    }

    /**
     * Returns the response to a request that failed. An {@link OutOfMemoryError} is also passed to
     * the thread's uncaught exception handler, because the host may prefer to end the process.
     *
     * @param pattern the pattern of the request's path, for the log
     */
    HttpResponse of(Throwable failure, String method, String pattern) {
        ErrorBody body = bodyOf(failure);
        ErrorCode code = body.violation().code();
        HttpResponse plain =
                retryAfter(failure)
                        .map(after -> json(body).with(RETRY_AFTER, seconds(after)))
                        .orElseGet(() -> json(body));
        if (body.status() >= SERVER_ERROR) {
            String id = UUID.randomUUID().toString();
            log(failure, method, pattern, id);
            if (failure instanceof OutOfMemoryError) {
                Thread thread = Thread.currentThread();
                thread.getUncaughtExceptionHandler().uncaughtException(thread, failure);
            }
            return plain.with(REQUEST_ID, id);
        }
        if (code == ErrorCode.NOT_AUTHENTICATED || code == ErrorCode.AUTHENTICATION_FAILED) {
            return unauthenticated(body);
        }
        return plain;
    }

    private static ErrorBody bodyOf(Throwable failure) {
        if (failure instanceof ObjectStoreUnavailableException unavailable) {
            return ErrorBody.of(
                    ErrorCode.STORAGE_UNAVAILABLE,
                    Objects.requireNonNull(unavailable.getMessage()));
        }
        if (failure instanceof RejectedRequestException rejected) {
            return ErrorBody.of(rejected.code(), Objects.requireNonNull(rejected.getMessage()));
        }
        return ErrorBody.of(failure);
    }

    private static HttpResponse json(ErrorBody body) {
        return HttpResponse.json(body.status(), body.toJson());
    }

    /** Returns the response to a method that a path does not have. */
    static HttpResponse methodNotAllowed(HttpServletRequest request, String allowed) {
        ErrorBody body =
                ErrorBody.of(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "Method \"" + request.getMethod() + "\" not allowed.");
        return HttpResponse.json(body.status(), body.toJson()).with("Allow", allowed);
    }

    private HttpResponse unauthenticated(ErrorBody body) {
        HttpResponse response = HttpResponse.json(unauthenticatedStatus, body.toJson());
        if (unauthenticatedStatus != ErrorCode.NOT_AUTHENTICATED.status()) {
            return response;
        }
        boolean wasPresented = body.violation().code() == ErrorCode.AUTHENTICATION_FAILED;
        return response.with(
                "WWW-Authenticate", wasPresented ? "Bearer error=\"invalid_token\"" : "Bearer");
    }

    /** Returns the time to wait, if the failure or its cause is a temporary one of a backend. */
    private static Optional<Duration> retryAfter(Throwable failure) {
        if (failure instanceof RejectedRequestException rejected) {
            return rejected.retryAfter();
        }
        Throwable backend =
                failure instanceof PortUnavailableException ? failure : failure.getCause();
        return backend instanceof PortUnavailableException unavailable
                ? Optional.of(unavailable.retryAfter())
                : Optional.empty();
    }

    /** The header has whole seconds; a shorter time is rounded up. */
    private static String seconds(Duration duration) {
        return Long.toString(duration.plusNanos(999_999_999).toSeconds());
    }

    private void log(Throwable failure, String method, String pattern, String id) {
        if (failure instanceof RejectedRequestException) {
            log.write("rejected", left -> LOG.warn("{} rejected: server is busy{}", pattern, left));
            return;
        }
        log.write(
                pattern + failure.getClass(),
                left ->
                        LOG.error(
                                "{} {} failed, request {}{}",
                                known(method),
                                pattern,
                                id,
                                left,
                                RedactedException.of(failure)));
    }

    /** A method may be any text of the client. */
    private static String known(String method) {
        return METHODS.contains(method) ? method : "(other method)";
    }
}
