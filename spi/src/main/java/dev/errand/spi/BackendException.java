package dev.errand.spi;

import java.util.Objects;

/**
 * A store, launcher or object store failed, or cannot be reached: try again or page someone.
 *
 * <p>Losing a race or asking for what is not there is never a {@code BackendException}; those are
 * answers of the port's method.
 */
public final class BackendException extends ErrandException {

    private static final long serialVersionUID = 1L;

    private final String port;
    private final boolean retryable;

    private BackendException(String port, boolean retryable, String message, Throwable cause) {
        super(Objects.requireNonNull(port, "port") + ": " + message, cause);
        this.port = port;
        this.retryable = retryable;
    }

    /** A failure that may pass by itself: the same call, made again, can succeed. */
    public static BackendException retryable(String port, String message, Throwable cause) {
        return new BackendException(port, true, message, cause);
    }

    /** A failure that stays until someone mends the system; {@code cause} may be null. */
    public static BackendException permanent(String port, String message, Throwable cause) {
        return new BackendException(port, false, message, cause);
    }

    /** The simple name of the port that failed, such as {@code RunStore}. */
    public String port() {
        return port;
    }

    /** Whether the same call, made again later, can succeed without anyone's doing. */
    public boolean isRetryable() {
        return retryable;
    }
}
