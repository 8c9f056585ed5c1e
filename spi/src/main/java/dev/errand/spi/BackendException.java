package dev.errand.spi;

import java.time.Duration;
import java.util.Objects;

/**
 * The implementation of a port failed or cannot be reached. Every port throws it, not only those of
 * the storage {@linkplain dev.errand.spi.store.Backend backend}: an object store, a launcher and a
 * message relay do as well. It is a {@link BackendUnavailableException} if the same call can
 * succeed later without intervention, and a {@link RetryTransactionException} if the transaction of
 * the host must be repeated. Any other failure lasts until an operator intervenes.
 *
 * <p>Expected outcomes, such as a lost race or a missing row, are returned as results; they never
 * throw this exception.
 */
public sealed class BackendException extends ErrandException
        permits BackendUnavailableException, RetryTransactionException {

    private static final long serialVersionUID = 1L;

    private final String port;

    BackendException(String port, String message) {
        super(Objects.requireNonNull(port, "port") + ": " + message);
        this.port = port;
    }

    BackendException(String port, String message, Throwable cause) {
        super(Objects.requireNonNull(port, "port") + ": " + message, cause);
        this.port = port;
    }

    /** Creates a failure that may be temporary: the same call can succeed later. */
    public static BackendUnavailableException retryable(String port, String message) {
        return new BackendUnavailableException(port, message);
    }

    /** Creates a failure that may be temporary, with its cause. */
    public static BackendUnavailableException retryable(
            String port, String message, Throwable cause) {
        return retryable(port, message, cause, BackendUnavailableException.DEFAULT_RETRY_AFTER);
    }

    /**
     * Creates a failure that may be temporary, with its cause and the time to wait before the next
     * attempt.
     *
     * @throws IllegalArgumentException if {@code retryAfter} is negative
     */
    public static BackendUnavailableException retryable(
            String port, String message, Throwable cause, Duration retryAfter) {
        return new BackendUnavailableException(port, message, cause, retryAfter);
    }

    /** Creates a failure that lasts until an operator intervenes. */
    public static BackendException permanent(String port, String message) {
        return new BackendException(port, message);
    }

    /** Creates a failure that lasts until an operator intervenes, with its cause. */
    public static BackendException permanent(String port, String message, Throwable cause) {
        return new BackendException(port, message, cause);
    }

    /** Returns the simple name of the port that failed, such as {@code RunStore}. */
    public String port() {
        return port;
    }

    /**
     * Whether the same call can succeed later without intervention. Within a transaction of the
     * host, the whole transaction must be repeated ({@link RetryTransactionException}).
     */
    public boolean isRetryable() {
        return this instanceof BackendUnavailableException
                || this instanceof RetryTransactionException;
    }
}
