package dev.errand.spi;

/**
 * A call in a transaction of the host failed for a temporary reason, such as a deadlock, a
 * serialization failure, a lock timeout or a lost connection. The host must roll back its
 * transaction and repeat it as a whole, including its own statements. Repeating only the call would
 * fail again or act on an outdated snapshot.
 *
 * <p>Outside of a transaction of the host, a backend repeats such a call itself where that is safe,
 * and otherwise throws a retryable {@link PortException}.
 */
public final class RetryTransactionException extends PortException {

    private static final long serialVersionUID = 1L;

    /**
     * Creates the exception.
     *
     * @param port the simple name of the port that failed
     * @param reason the failure, as a clause that completes the message
     * @param cause the original failure
     */
    public RetryTransactionException(String port, String reason, Throwable cause) {
        super(
                port,
                "the transaction of the host must be rolled back and repeated as a whole: "
                        + reason,
                cause);
    }
}
