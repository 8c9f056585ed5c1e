package dev.errand.http;

import dev.errand.error.NotFoundException;
import dev.errand.run.RunUpdate;
import dev.errand.wire.WireFormat;
import jakarta.servlet.AsyncContext;
import jakarta.servlet.AsyncEvent;
import jakarta.servlet.AsyncListener;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A response that sends what happens to a run (docs/wire/stream.md#i13). It holds no thread: it
 * requests the next entries when the client has received the ones before, and writes when the
 * container is ready. Thread-safe.
 */
final class EventStream implements Step, WriteListener, AsyncListener {

    private static final Logger LOG = LoggerFactory.getLogger(EventStream.class);
    private static final byte[] NOTHING = {};

    /** The headers by which proxies pass on a stream as it arrives. */
    static final Map<String, String> HEADERS =
            Map.of("Cache-Control", "no-cache", "X-Accel-Buffering", "no");

    private final Flow.Publisher<RunUpdate> updates;
    private final WireFormat wire;
    private final OpenStreams streams;
    private final Closeable place;

    // All guarded by this. Times are those of System.nanoTime().
    private byte[] next;
    private boolean mustFlush = true; // The headers.
    private boolean isEnding;
    private boolean isOver;
    private boolean isWritable;
    private boolean hasRequested;
    private boolean hasSentState;
    private boolean isBlocked;
    private long held;
    private long blockedSince;
    private long lastTraffic = System.nanoTime();
    private final long startedAt = lastTraffic;
    private Flow.@Nullable Subscription subscription;
    private @Nullable AsyncContext context;
    private @Nullable ServletOutputStream out;

    /**
     * Creates a stream that has not started.
     *
     * @param first the frames to send at once
     * @param place released when the response is complete
     */
    EventStream(
            Flow.Publisher<RunUpdate> updates,
            WireFormat wire,
            byte[] first,
            OpenStreams streams,
            Closeable place) {
        this.updates = updates;
        this.wire = wire;
        this.next = first;
        this.streams = streams;
        this.place = place;
    }

    /** Begins to send, after which the thread of the request can return to the container. */
    void start(HttpServletRequest request, HttpServletResponse response) throws IOException {
        response.setContentType(MediaTypes.EVENT_STREAM);
        response.setCharacterEncoding((String) null);
        HEADERS.forEach(response::setHeader);
        response.setHeader("X-Content-Type-Options", "nosniff");
        ServletOutputStream output = response.getOutputStream();
        AsyncContext started = request.startAsync(request, response);
        started.setTimeout(0); // Streams last as long as their runs.
        started.addListener(this);
        synchronized (this) {
            context = started;
            out = output;
        }
        streams.add(this);
        output.setWriteListener(this);
        updates.subscribe(new Updates());
    }

    @Override
    public void onWritePossible() {
        synchronized (this) {
            isWritable = true;
        }
        pump();
    }

    /** Ends the stream although the run has not ended; the client continues with another one. */
    void rotate() {
        end(streams.sendsEndFrames() ? EventFrames.ROTATED : NOTHING);
    }

    private void end(byte[] last) {
        synchronized (this) {
            if (isEnding || isOver) {
                return;
            }
            next = joined(next, last);
            isEnding = true;
        }
        pump();
    }

    /** Called regularly: drops a slow client, ends an old stream, keeps an idle one alive. */
    void check() {
        EventStreamOptions options = streams.options();
        long now = System.nanoTime();
        synchronized (this) {
            if (isOver) {
                return;
            }
            if (isBlocked && now - blockedSince > options.slowReaderTimeout().toNanos()) {
                LOG.debug("closing a stream whose client does not read");
                finish();
                return;
            }
            if (!isBlocked
                    && next.length == 0
                    && now - lastTraffic >= options.keepAlive().toNanos()) {
                next = joined(next, EventFrames.KEEPALIVE);
            }
        }
        if (streams.sendsEndFrames() && now - startedAt > options.maxAge().toNanos()) {
            rotate();
        } else {
            pump();
        }
    }

    /** Writes what there is while the container is ready, and then requests more. */
    private void pump() {
        Flow.Subscription source;
        synchronized (this) {
            try {
                if (isOver || !isWritable || !writeWhileReady() || hasRequested) {
                    return;
                }
            } catch (IOException | RuntimeException closedByClient) {
                LOG.debug("a stream was closed by its client", closedByClient);
                finish();
                return;
            }
            source = subscription;
            hasRequested = source != null;
        }
        if (source != null) {
            source.request(1);
        }
    }

    /** Returns whether everything was written, and the stream continues. */
    private boolean writeWhileReady() throws IOException {
        ServletOutputStream output = Objects.requireNonNull(out);
        while (output.isReady()) {
            isBlocked = false;
            if (next.length > 0) {
                byte[] frames = next;
                next = NOTHING;
                output.write(frames);
                mustFlush = true;
                lastTraffic = System.nanoTime();
            } else if (mustFlush) {
                mustFlush = false;
                output.flush();
            } else {
                releaseMemory();
                if (isEnding) {
                    finish();
                    return false;
                }
                return true;
            }
        }
        if (!isBlocked) {
            isBlocked = true;
            blockedSince = System.nanoTime();
        }
        return false;
    }

    private void releaseMemory() {
        streams.release(held);
        held = 0;
    }

    /** Completes the response; called under the lock. */
    private void finish() {
        if (isOver) {
            return;
        }
        isOver = true;
        next = NOTHING;
        releaseMemory();
        if (subscription != null) {
            subscription.cancel();
        }
        streams.remove(this);
        try {
            Objects.requireNonNull(context).complete();
        } catch (IllegalStateException over) {
            LOG.debug("the container has ended a stream", over);
        }
    }

    private static byte[] joined(byte[] first, byte[] second) {
        if (first.length == 0 || second.length == 0) {
            return first.length == 0 ? second : first;
        }
        byte[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    @Override
    public synchronized void onComplete(AsyncEvent event) {
        finish();
        try {
            place.close();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }

    /** Called if the client closed its connection. */
    @Override
    public synchronized void onError(Throwable failure) {
        LOG.debug("a stream cannot be written", failure);
        finish();
    }

    @Override
    public synchronized void onError(AsyncEvent event) {
        finish();
    }

    @Override
    public synchronized void onTimeout(AsyncEvent event) {
        finish();
    }

    @Override
    public void onStartAsync(AsyncEvent event) {
        // The servlet starts at most one asynchronous cycle.
    }

    /** Receives what happens to the run. */
    private final class Updates implements Flow.Subscriber<RunUpdate> {

        @Override
        public void onSubscribe(Flow.Subscription received) {
            boolean isLate;
            synchronized (EventStream.this) {
                subscription = received;
                isLate = isOver;
            }
            if (isLate) {
                received.cancel();
            }
            pump();
        }

        @Override
        public void onNext(RunUpdate update) {
            byte[] frames =
                    update instanceof RunUpdate.LogAppended appended
                            ? EventFrames.entries(appended.entries())
                            : EventFrames.state(
                                    wire.writeRunState(((RunUpdate.StateChanged) update).run()));
            boolean hasMemory = streams.tryHold(frames.length);
            synchronized (EventStream.this) {
                hasRequested = false;
                hasSentState |= update instanceof RunUpdate.StateChanged;
                held += hasMemory ? frames.length : 0;
                if (isEnding || isOver) {
                    return;
                }
                if (hasMemory) {
                    next = joined(next, frames);
                } else {
                    finish(); // Too many slow clients.
                    return;
                }
            }
            pump();
        }

        @Override
        public void onComplete() {
            end(streams.sendsEndFrames() ? EventFrames.COMPLETE : NOTHING);
        }

        @Override
        public void onError(Throwable failure) {
            if (failure instanceof CancellationException) {
                rotate(); // The engine was closed.
            } else if (failure instanceof NotFoundException) {
                end(EventFrames.error(EventFrames.NOT_AVAILABLE));
            } else {
                streams.log(failure);
                boolean isLive;
                synchronized (EventStream.this) {
                    isLive = hasSentState;
                }
                end(
                        EventFrames.error(
                                isLive ? EventFrames.READ_ERROR : EventFrames.BACKLOG_UNAVAILABLE));
            }
        }
    }
}
