package dev.errand.spi;

import java.util.Objects;

/**
 * The implementation of a port failed or cannot be reached: a storage backend, an object store, a
 * launcher or a message relay.
 *
 * <p>Expected outcomes, such as a lost race or a missing row, are returned as results; they never
 * throw this exception.
 */
public sealed class BackendException extends ErrandException permits RetryTransactionException {

    private static final long serialVersionUID = 1L;

    private final String port;
    private final boolean retryable;

    private BackendException(String port, boolean retryable, String message) {
        super(Objects.requireNonNull(port, "port") + ": " + message);
        this.port = port;
        this.retryable = retryable;
    }

    BackendException(String port, boolean retryable, String message, Throwable cause) {
        super(Objects.requireNonNull(port, "port") + ": " + message, cause);
        this.port = port;
        this.retryable = retryable;
    }

    /** Creates a failure that may be temporary: the same call can succeed later. */
    public static BackendException retryable(String port, String message) {
        return new BackendException(port, true, message);
    }

    /** Creates a failure that may be temporary, with its cause. */
    public static BackendException retryable(String port, String message, Throwable cause) {
        return new BackendException(port, true, message, cause);
    }

    /** Creates a failure that lasts until an operator intervenes. */
    public static BackendException permanent(String port, String message) {
        return new BackendException(port, false, message);
    }

    /** Creates a failure that lasts until an operator intervenes, with its cause. */
    public static BackendException permanent(String port, String message, Throwable cause) {
        return new BackendException(port, false, message, cause);
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
        return retryable;
    }
}
