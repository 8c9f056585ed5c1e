package dev.errand.http;

import jakarta.servlet.http.HttpServletRequest;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The state of one request until its response has been sent. It is stored as an attribute of the
 * request while the body is read. Used by one thread at a time, except that any thread may call
 * {@link #close}.
 */
final class Exchange implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(Exchange.class);
    private static final String ATTRIBUTE = Exchange.class.getName();

    private final Deque<Closeable> held = new ArrayDeque<>();
    private String pattern = "(no such path)";
    private String caller = "";
    private Step.@Nullable ReadBody body;
    private @Nullable Throwable failure;
    private @Nullable CompletableFuture<HttpResponse> awaited;
    private boolean closed;

    /** Returns the exchange whose body was read before this call of the servlet. */
    static Optional<Exchange> resumed(HttpServletRequest request) {
        return Optional.ofNullable((Exchange) request.getAttribute(ATTRIBUTE));
    }

    /** Returns the pattern of the path, which contains no data of the client. */
    String pattern() {
        return pattern;
    }

    void pattern(String value) {
        pattern = value;
    }

    /** Remembers who sends the request. */
    void caller(String identity) {
        caller = identity;
    }

    /** Returns who sends the request, empty if that is not known. */
    String caller() {
        return caller;
    }

    /** Keeps a resource until the response was sent. Returns the resource. */
    <T extends Closeable> T hold(T resource) {
        boolean isLate;
        synchronized (this) {
            isLate = closed;
            if (!isLate) {
                held.push(resource);
            }
        }
        if (isLate) {
            close(resource);
        }
        return resource;
    }

    /** Remembers what to do when the body has been read. */
    void suspend(HttpServletRequest request, Step.ReadBody reading) {
        request.setAttribute(ATTRIBUTE, this);
        body = reading;
    }

    /** Remembers why the body could not be read. */
    void fail(Throwable reason) {
        failure = reason;
    }

    /** Remembers the response that the request waits for. */
    void await(HttpServletRequest request, CompletableFuture<HttpResponse> response) {
        request.setAttribute(ATTRIBUTE, this);
        awaited = response;
    }

    /**
     * Returns the next step after the body was read or the awaited response is there, or throws why
     * there is none.
     */
    Step resume() throws Throwable {
        if (awaited != null) {
            try {
                return awaited.join();
            } catch (CompletionException failed) {
                throw Objects.requireNonNullElse(failed.getCause(), failed);
            }
        }
        if (failure != null) {
            throw failure;
        }
        if (body == null) {
            throw new IllegalStateException("no body was awaited");
        }
        return body.next().get();
    }

    /** Whether the body was read, or its reading failed. */
    boolean hasReadBody() {
        return body != null;
    }

    /** Releases what the request holds. Repeated calls have no effect. */
    @Override
    public void close() {
        Deque<Closeable> released;
        synchronized (this) {
            closed = true;
            released = new ArrayDeque<>(held);
            held.clear();
        }
        released.forEach(Exchange::close);
    }

    static void close(Closeable resource) {
        try {
            resource.close();
        } catch (IOException | RuntimeException problem) {
            LOG.debug("cannot release a resource of a request", problem);
        }
    }
}
