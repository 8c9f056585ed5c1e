package dev.errand.http;

import java.time.Duration;
import java.util.Objects;

/**
 * The options of event streams (docs/wire/stream.md#i13). Immutable.
 *
 * @param keepAlive the time without traffic after which a frame without content is sent
 * @param slowReaderTimeout how long a client may take to receive what was sent; then its stream is
 *     closed, and it can continue with another one
 * @param maxAge the age at which a stream is closed with the frame {@code end}; only in profile
 *     {@code 2026-09}
 */
public record EventStreamOptions(Duration keepAlive, Duration slowReaderTimeout, Duration maxAge) {

    /** The defaults: 20 seconds, 30 seconds, 15 minutes. */
    public static final EventStreamOptions DEFAULT =
            new EventStreamOptions(
                    Duration.ofSeconds(20), Duration.ofSeconds(30), Duration.ofMinutes(15));

    /**
     * Validates the values.
     *
     * @throws IllegalArgumentException if a duration is not positive
     */
    public EventStreamOptions {
        requirePositive("keepAlive", keepAlive);
        requirePositive("slowReaderTimeout", slowReaderTimeout);
        requirePositive("maxAge", maxAge);
    }

    /** Returns a copy with the given time without traffic. */
    public EventStreamOptions withKeepAlive(Duration changed) {
        return new EventStreamOptions(changed, slowReaderTimeout, maxAge);
    }

    /** Returns a copy with the given timeout of slow readers. */
    public EventStreamOptions withSlowReaderTimeout(Duration changed) {
        return new EventStreamOptions(keepAlive, changed, maxAge);
    }

    /** Returns a copy with the given age. */
    public EventStreamOptions withMaxAge(Duration changed) {
        return new EventStreamOptions(keepAlive, slowReaderTimeout, changed);
    }

    private static void requirePositive(String name, Duration value) {
        Objects.requireNonNull(value, name);
        if (value.isNegative() || value.isZero()) {
            throw new IllegalArgumentException(name + " must be positive, not " + value);
        }
    }
}
