package dev.errand.spi;

import java.time.Duration;

/**
 * A port is temporarily unavailable: the same call can succeed later. A change may have been stored
 * although its call failed, for example if the response was lost; a call with an idempotency key is
 * safe to repeat in any case. Created by {@link PortException#retryable}.
 */
public final class PortUnavailableException extends PortException {

    /** The time to wait if nothing is known about the failure: one second. */
    public static final Duration DEFAULT_RETRY_AFTER = Duration.ofSeconds(1);

    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    PortUnavailableException(String port, String message) {
        super(port, message);
        this.retryAfter = DEFAULT_RETRY_AFTER;
    }

    PortUnavailableException(String port, String message, Throwable cause, Duration retryAfter) {
        super(port, message, cause);
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException(
                    "retryAfter must not be negative, but is " + retryAfter);
        }
        this.retryAfter = retryAfter;
    }

    /** Returns the time to wait before the next attempt; zero or positive. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
