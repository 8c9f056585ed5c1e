package dev.errand.http;

import dev.errand.ProjectClient;
import dev.errand.error.InvalidRequestException;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import jakarta.servlet.http.HttpServletRequest;
import java.io.InputStream;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A request to an operation, whose caller is authenticated and has the scope that the route
 * requires. Not thread-safe.
 */
final class ApiRequest {

    /** The id for a path segment that is not a UUID: no task or run has it. */
    private static final UUID NONEXISTENT = new UUID(0, 0);

    private final ServletOptions options;
    private final ProjectClient client;
    private final Routes.Match match;
    private final HttpServletRequest request;
    private final RequestPath path;
    private final Optional<RequestBody> body;

    ApiRequest(
            ServletOptions options,
            ProjectClient client,
            Routes.Match match,
            HttpServletRequest request,
            RequestPath path,
            Optional<RequestBody> body) {
        this.options = options;
        this.client = client;
        this.match = match;
        this.request = request;
        this.path = path;
        this.body = body;
    }

    /** Returns the operations on the project for the caller. */
    ProjectClient client() {
        return client;
    }

    /**
     * Returns the id of the task; if the path has no valid id, one that does not exist
     * (docs/wire/conventions.md#a1).
     */
    TaskId task() {
        return TaskId.parse(match.variable("task")).orElse(TaskId.of(NONEXISTENT));
    }

    /**
     * Returns the id of the run; if the path has no valid id, one that does not exist
     * (docs/wire/conventions.md#a1).
     */
    RunId run() {
        return RunId.parse(match.variable("run")).orElse(RunId.of(NONEXISTENT));
    }

    /**
     * Binds the body, which the route declares.
     *
     * @throws InvalidRequestException if it cannot be bound to the request
     */
    <R extends Record> R body(Class<R> type) {
        return body.orElseThrow().read(client.wireFormat(), type);
    }

    /** Returns the size of the body; empty if the request does not say whether it has one. */
    Optional<Long> bodySize() {
        boolean isFramed = request.getContentLengthLong() >= 0 || RequestBody.exists(request);
        return isFramed ? Optional.of(body.orElseThrow().size()) : Optional.empty();
    }

    /** Returns the bytes of the body, which the route declares. */
    InputStream content() {
        return body.orElseThrow().open();
    }

    /** Returns the value of a header. */
    Optional<String> header(String name) {
        return Optional.ofNullable(request.getHeader(name));
    }

    /**
     * Returns the idempotency key of the request, if it has one
     * (docs/wire/idempotency-and-limits.md#j29).
     */
    Optional<String> idempotencyKey() {
        return header("Idempotency-Key");
    }

    /** Returns the values of a header, one for each line. */
    List<String> headers(String name) {
        return Collections.list(request.getHeaders(name));
    }

    /** Whether only the headers of the response are wanted. */
    boolean isHead() {
        return request.getMethod().equals("HEAD");
    }

    /**
     * Returns the event streams of the servlet.
     *
     * @throws IllegalStateException if the host does not support them
     */
    OpenStreams streams() {
        if (!request.isAsyncSupported()) {
            throw new IllegalStateException(
                    "the servlet or a filter before it does not support asynchronous requests,"
                            + " which event streams need; set asyncSupported for both");
        }
        return options.streams();
    }

    /**
     * Returns the query parameters.
     *
     * @throws InvalidRequestException if the query is not percent-encoded UTF-8
     */
    QueryParameters query() {
        return QueryParameters.of(request.getQueryString());
    }

    /** Returns the requested page of a list. */
    Paging paging(QueryParameters query) {
        return Paging.of(url(), query);
    }

    private String url() {
        String base = options.publicUrl().map(URI::toString).orElseGet(this::requestedBase);
        return base + '/' + String.join("/", path.segments()) + '/';
    }

    /** Returns the scheme, host and base path as the client sent them. */
    private String requestedBase() {
        StringBuffer url = request.getRequestURL();
        url.setLength(url.length() - request.getRequestURI().length());
        return url + path.base();
    }
}
