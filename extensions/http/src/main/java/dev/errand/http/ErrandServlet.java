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
 * The Tasks API over HTTP (contract C, D, I): mount it at {@code /*} and it answers below {@code
 * /api/projects/}; mounted deeper, as at {@code /errand/*}, it answers below that.
 *
 * <p>It needs nothing of its container but the servlet API: no multipart configuration, no
 * asynchronous support, no sessions, no other filter. Whatever goes wrong is answered with the
 * contract's envelope. Thread-safe.
 */
public final class ErrandServlet extends HttpServlet {

    private static final long serialVersionUID = 1L;
    private static final String NOWHERE = "(no such path)";

    private final transient Setup setup;
    private final transient Failures failures;

    private ErrandServlet(Setup setup, Failures failures) {
        this.setup = setup;
        this.failures = failures;
    }

    /**
     * Begins a servlet.
     *
     * @param errand the engine; closed by the host
     * @param authenticator tells who a token stands for
     */
    public static Builder builder(Errand errand, Authenticator authenticator) {
        return new Builder(errand, authenticator);
    }

    /** Answers every method alike: the table of routes says which of them do something. */
    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String pattern = NOWHERE;
        Answer answer;
        try {
            RequestPath path = RequestPath.of(request).orElseThrow(NotFoundException::new);
            Endpoint endpoint = setup.endpoint(path).orElseThrow(NotFoundException::new);
            pattern = endpoint.pattern();
            answer = endpoint.answer(request, path);
        } catch (Throwable failure) {
            answer = failures.answer(failure, request.getMethod(), pattern);
        }
        if (answer.isRefusal()) {
            RequestBody.discard(request);
        }
        send(answer, request, response, pattern);
    }

    private void send(
            Answer answer, HttpServletRequest request, HttpServletResponse response, String pattern)
            throws IOException {
        try {
            answer.send(request, response);
        } catch (RuntimeException | Error failure) {
            Answer instead = failures.answer(failure, request.getMethod(), pattern);
            if (response.isCommitted()) {
                // The container must break the connection off, or what was sent would pass for the
                // whole.
                throw new IOException("the answer broke off");
            }
            response.resetBuffer();
            instead.send(request, response);
        }
    }

    /**
     * A servlet in the making; what is not set stands in each method's description. Not
     * thread-safe.
     */
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

        private Builder(Errand errand, Authenticator authenticator) {
            this.errand = Objects.requireNonNull(errand, "errand");
            this.authenticator = Objects.requireNonNull(authenticator, "authenticator");
        }

        /**
         * The address of the servlet from outside, in front of {@code /api}: what {@code next} and
         * {@code previous} begin with (contract D0), and where {@link #objects} are said to be
         * served. Unless set, the address that each request came by.
         *
         * @throws IllegalArgumentException if it is not absolute, or has a query or fragment
         */
        public Builder publicUrl(URI value) {
            publicUrl = Optional.of(PublicUrl.of(value));
            return this;
        }

        /**
         * The object store whose forms and links lead here; served nowhere unless set. With a
         * {@link #publicUrl} the store is told of it; without one the host calls {@link
         * LocalObjectStore#serveAt} itself.
         */
        public Builder objects(LocalObjectStore value) {
            objects = Optional.of(value);
            return this;
        }

        /**
         * The links to logs that are served; none unless set. The engine must have been given the
         * same ones.
         */
        public Builder logLinks(LogLinks value) {
            logLinks = Optional.of(value);
            return this;
        }

        /**
         * What a request without valid credentials is answered with; 401 unless set (contract C2,
         * J27).
         *
         * @param value 401, or 403 as older servers did
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
         * Which project {@code @current} is for a caller; none unless set. A sandbox has its own.
         */
        public Builder activeProject(Function<Caller, Optional<ProjectId>> value) {
            activeProject = Objects.requireNonNull(value, "activeProject");
            return this;
        }

        /** The largest request body; 1 MiB unless set (contract J21). */
        public Builder maxBodyBytes(int value) {
            maxBodyBytes = requirePositive(value);
            return this;
        }

        /** The largest request body that appends to a log; 16 MiB unless set (contract J21). */
        public Builder maxLogBodyBytes(int value) {
            maxLogBodyBytes = requirePositive(value);
            return this;
        }

        /** The largest request body that carries files; 48 MiB unless set (contract J21). */
        public Builder maxUploadBodyBytes(int value) {
            maxUploadBodyBytes = requirePositive(value);
            return this;
        }

        /** Makes the servlet. */
        public ErrandServlet build() {
            objects.ifPresent(store -> publicUrl.ifPresent(store::serveAt));
            Setup setup =
                    new Setup(
                            errand,
                            new Credentials(errand.runTokens(), authenticator),
                            activeProject,
                            publicUrl,
                            objects,
                            logLinks,
                            maxBodyBytes,
                            maxLogBodyBytes,
                            maxUploadBodyBytes);
            return new ErrandServlet(setup, new Failures(unauthenticatedStatus));
        }

        private static int requirePositive(int bytes) {
            if (bytes < 1 || bytes == Integer.MAX_VALUE) {
                throw new IllegalArgumentException("a body needs at least 1 byte, not " + bytes);
            }
            return bytes;
        }
    }
}
