package dev.errand.http;

import dev.errand.spi.ErrandException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Stands for an exception whose message may contain parts of a request, and which therefore is
 * logged with its type and stack trace only. Errand's own exceptions contain no secrets and are
 * logged as they are.
 */
final class RedactedException extends Throwable {

    private static final long serialVersionUID = 1L;
    private static final int MAX_CAUSES = 20;

    private RedactedException(Throwable failure, @Nullable Throwable cause) {
        super(failure.getClass().getName() + " (message withheld)", cause, false, true);
        setStackTrace(failure.getStackTrace());
    }

    /** Returns the failure itself if its message may be logged, else a redacted stand-in. */
    static Throwable of(Throwable failure) {
        return failure instanceof ErrandException ? failure : withheld(failure, MAX_CAUSES);
    }

    private static Throwable withheld(Throwable failure, int causesLeft) {
        Throwable cause = failure.getCause();
        if (cause == null || causesLeft == 0) {
            return new RedactedException(failure, null);
        }
        return new RedactedException(
                failure,
                cause instanceof ErrandException ? cause : withheld(cause, causesLeft - 1));
    }

    /** Does nothing: the stack trace is that of the redacted exception. */
    @Override
    public synchronized Throwable fillInStackTrace() {
        return this;
    }

    @Override
    public String toString() {
        return Objects.requireNonNull(getMessage());
    }
}
