package dev.errand.http;

import dev.errand.profile.ApiProfile;
import java.io.Closeable;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The open event streams of one servlet, and their limits. Thread-safe. */
final class OpenStreams implements Closeable {

    private static final Logger LOG = LoggerFactory.getLogger(OpenStreams.class);
    private static final Duration MAX_PERIOD = Duration.ofSeconds(1);

    private final LimitedLog failures = new LimitedLog(System::nanoTime);
    private final EventStreamOptions options;
    private final boolean sendsEndFrames;
    private final ConcurrencyLimit limit;
    private final long maxUnsentBytes = Runtime.getRuntime().maxMemory() / 8;
    private final AtomicLong unsentBytes = new AtomicLong();
    private final Set<EventStream> streams = ConcurrentHashMap.newKeySet();
    private final Duration period;

    // Guarded by this.
    private boolean isWatching;
    private boolean isClosed;

    /**
     * Creates an instance without streams.
     *
     * @param max the maximum number of streams; one caller may have a quarter of them
     * @param profile decides whether clients know the frames that end a stream
     */
    OpenStreams(EventStreamOptions options, int max, ApiProfile profile) {
        this.options = options;
        this.sendsEndFrames = profile.includes(ApiProfile.V2026_09);
        this.limit = new ConcurrencyLimit("event streams", max, Math.max(1, max / 4));
        Duration shortest =
                options.keepAlive().compareTo(options.slowReaderTimeout()) < 0
                        ? options.keepAlive()
                        : options.slowReaderTimeout();
        Duration half = shortest.dividedBy(2);
        this.period = half.compareTo(MAX_PERIOD) < 0 ? half : MAX_PERIOD;
    }

    EventStreamOptions options() {
        return options;
    }

    /** Whether frames end a stream, and streams rotate. */
    boolean sendsEndFrames() {
        return sendsEndFrames;
    }

    /** Counts one more stream until the result is closed; empty if there are too many. */
    Optional<Closeable> tryEnter(String caller) {
        try {
            return Optional.of(limit.enter(caller));
        } catch (RejectedRequestException tooMany) {
            return Optional.empty();
        }
    }

    /** Adds a stream that has started, and watches it until it is removed. */
    void add(EventStream stream) {
        streams.add(stream);
        boolean endsAtOnce;
        synchronized (this) {
            endsAtOnce = isClosed;
            if (!isWatching) {
                isWatching = true;
                watchLater();
            }
        }
        if (endsAtOnce) {
            stream.rotate();
        }
    }

    void remove(EventStream stream) {
        streams.remove(stream);
    }

    private void watchLater() {
        CompletableFuture.delayedExecutor(period.toNanos(), TimeUnit.NANOSECONDS)
                .execute(this::watch);
    }

    private void watch() {
        streams.forEach(EventStream::check);
        synchronized (this) {
            isWatching = !streams.isEmpty();
            if (isWatching) {
                watchLater();
            }
        }
    }

    /** Reserves memory for bytes that clients have not taken; returns false if there is none. */
    boolean tryHold(int bytes) {
        if (unsentBytes.addAndGet(bytes) <= maxUnsentBytes) {
            return true;
        }
        unsentBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        unsentBytes.addAndGet(-bytes);
    }

    /** Logs why a stream failed. */
    void log(Throwable failure) {
        failures.write(
                "stream" + failure.getClass(),
                left -> LOG.error("a stream failed{}", left, RedactedException.of(failure)));
    }

    /** Lets streams stay open, after {@link #close}. */
    synchronized void open() {
        isClosed = false;
    }

    /** Ends all streams, and those that start before {@link #open} is called. */
    @Override
    public void close() {
        synchronized (this) {
            isClosed = true;
        }
        streams.forEach(EventStream::rotate);
    }
}
