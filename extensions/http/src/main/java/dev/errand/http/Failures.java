package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.wire.ErrorBody;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Objects;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns whatever was thrown into the contract's error answer (contract C3, C5). Of a failure that
 * is not the caller's the wire says only that there was one, with an id under which the log says
 * more.
 */
final class Failures {

    private static final Logger LOG = LoggerFactory.getLogger(ErrandServlet.class);
    private static final String REQUEST_ID = "X-Request-Id";
    private static final int SERVER_ERROR = 500;

    private final int unauthenticatedStatus;

    Failures(int unauthenticatedStatus) {
        this.unauthenticatedStatus = unauthenticatedStatus;
    }

    /**
     * The answer to a request that failed.
     *
     * @param pattern the paths that the request's own is one of
     */
    Answer answer(Throwable failure, String method, String pattern) {
        ErrorBody body =
                failure instanceof ObjectsUnavailable unavailable
                        ? ErrorBody.of(
                                ErrorCode.STORAGE_UNAVAILABLE,
                                Objects.requireNonNull(unavailable.getMessage()))
                        : ErrorBody.of(failure);
        ErrorCode code = body.violation().code();
        if (body.status() >= SERVER_ERROR) {
            String id = UUID.randomUUID().toString();
            log(failure, method, pattern, id);
            return Answer.json(body.status(), body.toJson()).with(REQUEST_ID, id);
        }
        if (code == ErrorCode.NOT_AUTHENTICATED || code == ErrorCode.AUTHENTICATION_FAILED) {
            return unauthenticated(body);
        }
        return Answer.json(body.status(), body.toJson());
    }

    /** The answer to a method that does nothing where it was asked. */
    static Answer methodNotAllowed(HttpServletRequest request, String allowed) {
        ErrorBody body =
                ErrorBody.of(
                        ErrorCode.METHOD_NOT_ALLOWED,
                        "Method \"" + request.getMethod() + "\" not allowed.");
        return Answer.json(body.status(), body.toJson()).with("Allow", allowed);
    }

    private Answer unauthenticated(ErrorBody body) {
        Answer answer = Answer.json(unauthenticatedStatus, body.toJson());
        if (unauthenticatedStatus != ErrorCode.NOT_AUTHENTICATED.status()) {
            return answer;
        }
        boolean wasGiven = body.violation().code() == ErrorCode.AUTHENTICATION_FAILED;
        return answer.with(
                "WWW-Authenticate", wasGiven ? "Bearer error=\"invalid_token\"" : "Bearer");
    }

    private static void log(Throwable failure, String method, String pattern, String id) {
        LOG.error("{} {} failed, request {}", method, pattern, id, Loggable.of(failure));
    }
}
