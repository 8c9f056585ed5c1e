package dev.errand.http;

import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.error.NotFoundException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.LocalObjectStore;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URI;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * The Tasks API over HTTP (docs/wire/README.md#c, #d, #i). Mounted at {@code /*} it serves {@code
 * /api/projects/}; mounted at {@code /errand/*} it serves {@code /errand/api/projects/}.
 *
 * <p>The servlet needs no multipart configuration, sessions or filters. It should be registered
 * with asynchronous support, as should every filter before it: it then holds no thread while a body
 * arrives or an agent answers a command. Without it, it logs a warning and waits on the thread of
 * the request, and requests for event streams fail. Every error has the body of
 * docs/wire/errors.md#c3. Thread-safe.
 */
public final class ErrandServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;

    private final transient ServletOptions options;
    private final transient ErrorResponses errors;

    private ErrandServlet(ServletOptions options, ErrorResponses errors) {
        this.options = options;
        this.errors = errors;
    }

    /**
     * Returns a builder.
     *
     * @param errand the engine; the host closes it
     * @param authenticator authenticates requests
     */
    public static Builder builder(Errand errand, Authenticator authenticator) {
        return new Builder(errand, authenticator);
    }

    /**
     * Handles every method: the table of routes determines which are allowed. If the body has not
     * arrived yet, this is called again, by an asynchronous dispatch, when it has.
     */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse servletResponse)
            throws IOException {
        Optional<Exchange> resumed = Exchange.resumed(request);
        Exchange exchange = resumed.orElseGet(Exchange::new);
        Step step = resumed.isPresent() ? resume(request, exchange) : begin(request, exchange);
        while (!(step instanceof HttpResponse || step instanceof EventStream)) {
            if (!isReady(step, request, servletResponse, exchange)) {
                return;
            }
            step = resume(request, exchange);
        }
        try (exchange) {
            if (step instanceof EventStream stream) {
                stream.start(request, servletResponse);
            } else {
                send((HttpResponse) step, request, servletResponse, exchange);
            }
        }
    }

    /** Returns false if the container will call the servlet again when the step is done. */
    private boolean isReady(
            Step step,
            HttpServletRequest request,
            HttpServletResponse servletResponse,
            Exchange exchange) {
        if (step instanceof Step.Await await) {
            return ResponseAwaiter.await(request, servletResponse, exchange, await);
        }
        return BodyReader.read(
                request,
                servletResponse,
                exchange,
                (Step.ReadBody) step,
                options.traffic().bodies());
    }

    private Step begin(HttpServletRequest request, Exchange exchange) {
        Step step;
        try {
            RequestPath path = RequestPath.of(request).orElseThrow(NotFoundException::new);
            Endpoint endpoint = options.endpoint(path).orElseThrow(NotFoundException::new);
            exchange.pattern(endpoint.pattern());
            step = endpoint.handle(request, path, exchange);
        } catch (Throwable failure) {
            step = errors.of(failure, request.getMethod(), exchange.pattern());
        }
        return step instanceof HttpResponse response && response.isError()
                ? RequestBody.discard(request, response).<Step>map(it -> it).orElse(response)
                : step;
    }

    private Step resume(HttpServletRequest request, Exchange exchange) {
        try {
            return exchange.resume();
        } catch (Throwable failure) {
            return errors.of(failure, request.getMethod(), exchange.pattern());
        }
    }

    private void send(
            HttpResponse response,
            HttpServletRequest request,
            HttpServletResponse servletResponse,
            Exchange exchange)
            throws IOException {
        try {
            if (response.content().filter(ResponseBody::isStream).isPresent()) {
                exchange.hold(options.traffic().streams().enter(exchange.caller()));
            }
            response.send(request, servletResponse);
        } catch (RuntimeException | Error failure) {
            HttpResponse errorResponse =
                    errors.of(failure, request.getMethod(), exchange.pattern());
            if (servletResponse.isCommitted()) {
                // Makes the container abort the connection: the client must not take the truncated
                // response for a complete one.
                throw new IOException("the response was truncated");
            }
            servletResponse.resetBuffer();
            errorResponse.send(request, servletResponse);
        }
    }

    /**
     * Ends all open event streams and those that start later, so that a server that waits for its
     * requests can stop. Clients continue with another stream.
     */
    public void closeStreams() {
        options.streams().close();
    }

    /** Lets event streams stay open again, if the server is started again. */
    public void openStreams() {
        options.streams().open();
    }

    /** Ends all open event streams. */
    @Override
    public void destroy() {
        closeStreams();
    }

    /** Builder for {@link ErrandServlet}. Not thread-safe. */
    public static final class Builder {
        private static final int UNAUTHENTICATED = 401;
        private static final int FORBIDDEN = 403;

        private final Errand errand;
        private final Authenticator authenticator;
        private Function<Caller, Optional<ProjectId>> activeProject = caller -> Optional.empty();
        private Optional<URI> publicUrl = Optional.empty();
        private Optional<LocalObjectStore> objects = Optional.empty();
        private Optional<LogLinks> logLinks = Optional.empty();
        private int unauthenticatedStatus = UNAUTHENTICATED;
        private int maxBodyBytes = Limits.BODY_BYTES;
        private int maxLogBodyBytes = Limits.LOG_BODY_BYTES;
        private int maxUploadBodyBytes = Limits.UPLOAD_BODY_BYTES;
        private TrafficLimits traffic = TrafficLimits.DEFAULT;
        private EventStreamOptions eventStreams = EventStreamOptions.DEFAULT;

        private Builder(Errand errand, Authenticator authenticator) {
            this.errand = Objects.requireNonNull(errand, "errand");
            this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        }

        /**
         * Sets the public URL of the servlet, before {@code /api}: the base of {@code next} and
         * {@code previous} (docs/wire/conventions.md#d0) and of the links to {@link #objects}. The
         * default is the URL of each request.
         *
         * @throws IllegalArgumentException if it is not an absolute HTTP URL, or has a query or
         *     fragment
         */
        public Builder publicUrl(URI value) {
            publicUrl = Optional.of(PublicUrl.of(value));
            return this;
        }

        /**
         * Sets the object store whose upload forms and links this servlet serves. The default is
         * none. With a {@link #publicUrl} the servlet calls {@link LocalObjectStore#setBaseUrl};
         * without one the host must call it.
         */
        public Builder objects(LocalObjectStore value) {
            objects = Optional.of(value);
            return this;
        }

        /** Sets the log links to serve, which must be those of the engine. The default is none. */
        public Builder logLinks(LogLinks value) {
            logLinks = Optional.of(value);
            return this;
        }

        /**
         * Sets the status of responses to requests without valid credentials
         * (docs/wire/authentication.md#c2, docs/wire/guarantees.md#j27). The default is 401.
         *
         * @param value 401, or 403 for compatibility with upstream servers
         * @throws IllegalArgumentException if it is neither
         */
        public Builder unauthenticatedStatus(int value) {
            if (value != UNAUTHENTICATED && value != FORBIDDEN) {
                throw new IllegalArgumentException("status must be 401 or 403, not " + value);
            }
            unauthenticatedStatus = value;
            return this;
        }

        /**
         * Sets the function that resolves {@code @current} to a project of the caller. By default
         * only agents in sandboxes have a current project.
         */
        public Builder activeProject(Function<Caller, Optional<ProjectId>> value) {
            activeProject = Objects.requireNonNull(value, "activeProject");
            return this;
        }

        /**
         * Sets the size limit of request bodies. The default is 1 MiB
         * (docs/wire/idempotency-and-limits.md#j21).
         */
        public Builder maxBodyBytes(int value) {
            maxBodyBytes = requirePositive(value);
            return this;
        }

        /**
         * Sets the size limit of bodies that append to a log. The default is 16 MiB
         * (docs/wire/idempotency-and-limits.md#j21).
         */
        public Builder maxLogBodyBytes(int value) {
            maxLogBodyBytes = requirePositive(value);
            return this;
        }

        /**
         * Sets the size limit of bodies that contain files. The default is 48 MiB
         * (docs/wire/idempotency-and-limits.md#j21).
         */
        public Builder maxUploadBodyBytes(int value) {
            maxUploadBodyBytes = requirePositive(value);
            return this;
        }

        /**
         * Sets the limits that keep one client from taking the server away from others
         * (docs/wire/idempotency-and-limits.md#j21). The default is {@link TrafficLimits#DEFAULT}.
         */
        public Builder trafficLimits(TrafficLimits value) {
            traffic = Objects.requireNonNull(value, "trafficLimits");
            return this;
        }

        /** Sets the options of event streams. The default is {@link EventStreamOptions#DEFAULT}. */
        public Builder eventStreams(EventStreamOptions value) {
            eventStreams = Objects.requireNonNull(value, "eventStreams");
            return this;
        }

        /** Returns the servlet. */
        public ErrandServlet build() {
            objects.ifPresent(store -> publicUrl.ifPresent(store::setBaseUrl));
            ServletOptions options =
                    new ServletOptions(
                            errand,
                            new CallerResolver(errand.sandboxTokens(), authenticator),
                            activeProject,
                            publicUrl,
                            objects,
                            logLinks,
                            maxBodyBytes,
                            maxLogBodyBytes,
                            maxUploadBodyBytes,
                            Traffic.of(traffic),
                            new OpenStreams(
                                    eventStreams, traffic.eventStreams(), errand.profile()));
            return new ErrandServlet(options, new ErrorResponses(unauthenticatedStatus));
        }

        private static int requirePositive(int bytes) {
            if (bytes < 1 || bytes == Integer.MAX_VALUE) {
                throw new IllegalArgumentException(
                        "a size limit must be 1 to "
                                + (Integer.MAX_VALUE - 1)
                                + " bytes, not "
                                + bytes);
            }
            return bytes;
        }
    }
}
