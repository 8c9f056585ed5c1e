package dev.errand.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * A port failed or is unreachable: storage, object store, launcher or relay. It is a {@link
 * PortUnavailableException} if the same call can succeed later without intervention, and a {@link
 * RetryTransactionException} if the transaction of the host must be repeated. Any other failure
 * lasts until an operator intervenes.
 *
 * <p>Expected outcomes, such as a lost race or a missing row, are returned as results; they never
 * throw this exception.
 */
public sealed class PortException extends ErrandException
        permits PortUnavailableException, RetryTransactionException {

    private static final long serialVersionUID = 1L;

    private final String port;

    PortException(String port, String message) {
        super(Objects.requireNonNull(port, "port") + ": " + message);
        this.port = port;
    }

    PortException(String port, String message, Throwable cause) {
        super(Objects.requireNonNull(port, "port") + ": " + message, cause);
        this.port = port;
    }

    /** Creates a failure that may be temporary: the same call can succeed later. */
    public static PortUnavailableException retryable(String port, String message) {
        return new PortUnavailableException(port, message);
    }

    /** Creates a failure that may be temporary, with its cause. */
    public static PortUnavailableException retryable(String port, String message, Throwable cause) {
        return retryable(port, message, cause, PortUnavailableException.DEFAULT_RETRY_AFTER);
    }

    /**
     * Creates a failure that may be temporary, with its cause and the time to wait before the next
     * attempt.
     *
     * @throws IllegalArgumentException if {@code retryAfter} is negative
     */
    public static PortUnavailableException retryable(
            String port, String message, Throwable cause, Duration retryAfter) {
        return new PortUnavailableException(port, message, cause, retryAfter);
    }

    /** Creates a failure that lasts until an operator intervenes. */
    public static PortException permanent(String port, String message) {
        return new PortException(port, message);
    }

    /** Creates a failure that lasts until an operator intervenes, with its cause. */
    public static PortException permanent(String port, String message, Throwable cause) {
        return new PortException(port, message, cause);
    }

    /** Returns the simple name of the port that failed, such as {@code RunStore}. */
    public String port() {
        return port;
    }

    /**
     * Whether a repetition can succeed without intervention: of the call or, in a host transaction,
     * of the whole transaction ({@link RetryTransactionException}).
     */
    public boolean isRetryable() {
        return this instanceof PortUnavailableException
                || this instanceof RetryTransactionException;
    }
}
