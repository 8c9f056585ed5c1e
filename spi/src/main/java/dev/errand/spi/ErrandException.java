package dev.errand.spi;

/**
 * The root of everything Errand throws on purpose.
 *
 * <p>Three families stand below it and tell the caller what to do: mend the input, read again, or
 * try again and page someone ({@link BackendException}). Messages never hold a secret.
 */
public abstract class ErrandException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /** Makes a failure that says what was refused and what would do; {@code cause} may be null. */
    protected ErrandException(String message, Throwable cause) {
        super(message, cause);
    }
}
