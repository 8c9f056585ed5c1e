package dev.errand.http;

import dev.errand.ProjectClient;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.spi.run.RunId;
import dev.errand.spi.task.TaskId;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** One request to an operation: its caller is known, and may. Belongs to one thread. */
final class Call {

    /** Stands for a path id that is no UUID: no source of ids makes it, so it names nothing. */
    private static final UUID NOBODYS = new UUID(0, 0);

    private final Setup setup;
    private final ProjectClient api;
    private final Routes.Match match;
    private final HttpServletRequest request;
    private final RequestPath path;

    Call(
            Setup setup,
            ProjectClient api,
            Routes.Match match,
            HttpServletRequest request,
            RequestPath path) {
        this.setup = setup;
        this.api = api;
        this.match = match;
        this.request = request;
        this.path = path;
    }

    /** The project, as the caller sees it. */
    ProjectClient api() {
        return api;
    }

    /** The task in the path; one that does not exist if the text there is no id (contract A1). */
    TaskId task() {
        return TaskId.parse(match.variable("task")).orElse(TaskId.of(NOBODYS));
    }

    /** The run in the path; one that does not exist if the text there is no id (contract A1). */
    RunId run() {
        return RunId.parse(match.variable("run")).orElse(RunId.of(NOBODYS));
    }

    /**
     * Reads the body.
     *
     * @throws RequestException if it is not JSON by its type, or too large
     * @throws InvalidRequestException if it is not valid
     */
    <R extends Record> R body(Class<R> type) {
        return api.wire().read(type, RequestBody.json(request, setup.maxBodyBytes()));
    }

    /** Reads a body that carries a log, which may be larger; otherwise as {@link #body}. */
    <R extends Record> R logBody(Class<R> type) {
        return api.wire().read(type, RequestBody.json(request, setup.maxLogBodyBytes()));
    }

    /** Reads a body that carries files, which may be larger yet; otherwise as {@link #body}. */
    <R extends Record> R uploadBody(Class<R> type) {
        return api.wire().read(type, RequestBody.json(request, setup.maxUploadBodyBytes()));
    }

    /** What the client named the request, to make it repeatable (contract J29). */
    Optional<String> idempotencyKey() {
        return Optional.ofNullable(request.getHeader("Idempotency-Key"));
    }

    /**
     * The query's parameters.
     *
     * @throws InvalidRequestException if the query is not percent-encoded UTF-8
     */
    QueryParameters query() {
        return QueryParameters.of(request.getQueryString());
    }

    /** Which page of a list is asked for. */
    Paging paging(QueryParameters query) {
        return Paging.of(url(), query);
    }

    private String url() {
        String base = setup.publicUrl().map(URI::toString).orElseGet(this::requestedBase);
        return base + '/' + String.join("/", path.segments()) + '/';
    }

    /** Host and base as the client wrote them. */
    private String requestedBase() {
        StringBuffer url = request.getRequestURL();
        url.setLength(url.length() - request.getRequestURI().length());
        return url + path.base();
    }
}
