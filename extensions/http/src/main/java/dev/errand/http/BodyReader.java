package dev.errand.http;

import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.spi.ErrandException;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ReadListener;
import jakarta.servlet.ServletInputStream;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads one body. What has arrived is read at once; if more is to come, the thread is returned to
 * the container, which calls the listener for each further piece and the servlet again at the end.
 */
final class BodyReader implements ReadListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(BodyReader.class);
    private static final int BUFFER_BYTES = 16 * 1024;
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    /** Calls on a thread of the JDK, which all bodies share. */
    private static final Executor SECOND_LATER =
            CompletableFuture.delayedExecutor(1, TimeUnit.SECONDS, Runnable::run);

    private final HttpServletRequest request;
    private final Exchange exchange;
    private final Step.ReadBody body;
    private final AwaitedBodies others;
    private final long startedAt;
    private final byte[] buffer;
    private final AtomicBoolean isDone = new AtomicBoolean();
    private volatile long received;
    private volatile @Nullable Rejection rejection;
    private @Nullable String countedFor;
    private @Nullable Closeable place;

    private BodyReader(
            HttpServletRequest request,
            Exchange exchange,
            Step.ReadBody body,
            AwaitedBodies others) {
        this.request = request;
        this.exchange = exchange;
        this.body = body;
        this.others = others;
        this.startedAt = System.nanoTime();
        long declared = request.getContentLengthLong();
        this.buffer =
                new byte
                        [declared < 0 || declared > BUFFER_BYTES
                                ? BUFFER_BYTES
                                : Math.max(1, (int) declared)];
    }

    /**
     * Reads a body.
     *
     * @return true if it was read or failed, and the exchange can be resumed; false if the
     *     container will call the servlet again
     */
    static boolean read(
            HttpServletRequest request,
            HttpServletResponse response,
            Exchange exchange,
            Step.ReadBody body,
            AwaitedBodies others) {
        BodyReader reader = new BodyReader(request, exchange, body, others);
        exchange.suspend(request, body);
        try {
            if (reader.hasReadWhatArrived()) {
                return true;
            }
            if (request.isAsyncSupported()) {
                reader.continueLater(request.startAsync(request, response));
                return false;
            }
            warnAboutBlocking();
            reader.readBlocking();
        } catch (IOException | RuntimeException failure) {
            reader.fail(failure);
        }
        return true;
    }

    /** Reads without waiting. Returns whether that was all. */
    private boolean hasReadWhatArrived() throws IOException {
        if (!RequestBody.exists(request)) {
            return true;
        }
        long declared = request.getContentLengthLong();
        ServletInputStream in = request.getInputStream();
        int available;
        while ((available = in.available()) > 0) {
            int count = in.read(buffer, 0, Math.min(available, buffer.length));
            if (count < 0) {
                return true;
            }
            accept(count);
            if (received == declared) {
                return true;
            }
        }
        return false;
    }

    private void continueLater(AsyncContext context) throws IOException {
        context.setTimeout(0); // The pace limits the time.
        context.addListener(this);
        await();
        request.getInputStream().setReadListener(this);
        watch();
    }

    /**
     * Counts the body for its caller. Called again after each piece of the body, because an upload
     * has no caller until its signature is verified.
     */
    private void await() {
        String caller = exchange.caller();
        if (!caller.equals(countedFor)) {
            Closeable before = place;
            countedFor = caller;
            place = exchange.hold(others.enter(caller, this::end));
            close(before);
        }
    }

    private static void close(@Nullable Closeable place) {
        try {
            if (place != null) {
                place.close();
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    private void readBlocking() throws IOException {
        ServletInputStream in = request.getInputStream();
        int count;
        while ((count = in.read(buffer)) >= 0) {
            accept(count);
            if (isTooSlow()) {
                throw RejectedRequestException.tooSlow();
            }
        }
    }

    private void accept(int count) {
        received += count;
        Rejection rejected = rejection;
        if (rejected != null) {
            if (received - rejected.receivedBefore > Limits.DISCARDED_BYTES) {
                throw rejected.cause;
            }
            return;
        }
        try {
            body.sink().receive(buffer, count);
        } catch (IOException failure) {
            // The spool on disk failed, not the connection.
            reject(new UncheckedIOException(failure));
        } catch (RuntimeException failure) {
            reject(failure);
        }
    }

    /**
     * Discards the rest of the body. If reading stopped while the client still sends, the client
     * might not receive the response.
     */
    private void reject(RuntimeException cause) {
        rejection = new Rejection(cause, received, System.nanoTime());
        exchange.fail(cause);
    }

    @Override
    public void onDataAvailable() throws IOException {
        try {
            ServletInputStream in = request.getInputStream();
            while (!isDone.get() && in.isReady() && !in.isFinished()) {
                int count = in.read(buffer);
                if (count > 0) {
                    accept(count);
                    await();
                }
            }
        } catch (IOException | RuntimeException failure) {
            end(failure);
        }
    }

    @Override
    public void onAllDataRead() {
        if (isDone.compareAndSet(false, true)) {
            request.getAsyncContext().dispatch();
        }
    }

    @Override
    public void onError(Throwable failure) {
        end(failure);
    }

    private void watch() {
        if (isDone.get()) {
            return;
        }
        if (isTooSlow()) {
            end(RejectedRequestException.tooSlow());
        } else {
            SECOND_LATER.execute(this::watch);
        }
    }

    private boolean isTooSlow() {
        long now = System.nanoTime();
        Rejection rejected = rejection;
        return rejected == null
                ? body.pace().isTooSlow(Duration.ofNanos(now - startedAt), received)
                : BodyPace.OF_REJECTED.isTooSlow(
                        Duration.ofNanos(now - rejected.at), received - rejected.receivedBefore);
    }

    private void end(Throwable failure) {
        if (!isDone.compareAndSet(false, true)) {
            return;
        }
        fail(failure);
        try {
            request.getAsyncContext().dispatch();
        } catch (IllegalStateException over) {
            // The container has ended the request.
            exchange.close();
        }
    }

    /** A rejected body stays rejected for the same reason, however its end is read. */
    private void fail(Throwable failure) {
        if (rejection == null) {
            exchange.fail(reasonOf(failure));
        }
    }

    /** Why the sink did not accept the body, what was received until then, and when. */
    private record Rejection(RuntimeException cause, long receivedBefore, long at) {}

    /**
     * Returns the reason to report: a failure of the sink as it is, and any other failure as a body
     * that ended early, since containers report this in different ways.
     */
    private Throwable reasonOf(Throwable failure) {
        boolean isSinks =
                failure instanceof ErrandException || failure instanceof UncheckedIOException;
        return isSinks
                ? failure
                : InvalidRequestException.of(
                        Violation.ofRequest(ErrorCode.PARSE_ERROR, body.endedEarly()));
    }

    private static void warnAboutBlocking() {
        if (WARNED.compareAndSet(false, true)) {
            LOG.warn(
                    "the servlet or a filter before it does not support asynchronous requests, so every body that arrives slowly occupies a thread of the container; set asyncSupported for both");
        }
    }

    @Override
    public void onComplete(AsyncEvent event) {
        isDone.set(true);
        exchange.close();
    }

    @Override
    public void onTimeout(AsyncEvent event) {
        end(RejectedRequestException.tooSlow());
    }

    @Override
    public void onError(AsyncEvent event) {
        end(new IOException(event.getThrowable()));
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // The body was read; what begins now waits for a response.
    }
}
