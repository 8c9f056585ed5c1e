package dev.errand.http;

import dev.errand.spi.ErrandException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A failure as the log may have it. What Errand throws on purpose holds no secret, nor do the
 * storage's failures beneath it; what was thrown by accident may quote the request, so of that only
 * type and place are told.
 */
final class Loggable extends Throwable {

    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 20;

    private Loggable(Throwable failure, @Nullable Throwable cause) {
        super(failure.getClass().getName() + " (message withheld)", cause, false, true);
        setStackTrace(failure.getStackTrace());
    }

    /** The failure itself where it may be told, else what may be told of it. */
    static Throwable of(Throwable failure) {
        return failure instanceof ErrandException ? failure : withheld(failure, MAX_CAUSES);
    }

    private static Throwable withheld(Throwable failure, int causesLeft) {
        Throwable cause = failure.getCause();
        if (cause == null || causesLeft == 0) {
            return new Loggable(failure, null);
        }
        return new Loggable(
                failure,
                cause instanceof ErrandException ? cause : withheld(cause, causesLeft - 1));
    }

    /** The stack trace is the other's: filling in our own would be work for nothing. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    @Override
    public String toString() {
        return Objects.requireNonNull(getMessage());
    }
}
