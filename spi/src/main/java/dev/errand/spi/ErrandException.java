package dev.errand.spi;

/**
 * The root of all exceptions that Errand throws. Its subclasses say what the caller can do.
 * Messages never contain a secret.
 */
public abstract class ErrandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Creates an exception without a cause. */
    protected ErrandException(String message) {
        super(message);
    }

    /** Creates an exception with its cause. */
    protected ErrandException(String message, Throwable cause) {
        super(message, cause);
    }
}
