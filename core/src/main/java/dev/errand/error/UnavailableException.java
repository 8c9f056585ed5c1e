package dev.errand.error;

import dev.errand.spi.ErrandException;
import dev.errand.spi.PortException;

/**
 * The object store, the message relay, an agent server or the source of costs failed, or a
 * cancellation could not be stored (docs/wire/errors.md#c5, docs/wire/guarantees.md#j26,
 * docs/wire/runs.md#i11, #i12, #l2, docs/wire/tasks.md#l9). It is safe to repeat the request later,
 * except that an agent may have received a command. A failure of the storage of tasks and runs is a
 * {@link PortException} instead, and a {@link dev.errand.spi.PortUnavailableException} if it is
 * temporary.
 */
public final class UnavailableException extends RequestException {

    private static final long serialVersionUID = 1L;

    private UnavailableException(ErrorCode code, String detail, ErrandException cause) {
        super(code, detail, cause);
    }

    private UnavailableException(ErrorCode code, String detail) {
        super(code, detail);
    }

    /** Creates the exception for a command that an agent server did not answer. */
    public static UnavailableException command(ErrorCode code) {
        return new UnavailableException(code, code.detail());
    }

    /** Creates the exception for a command that an agent server answered with an error. */
    public static UnavailableException command(ErrorCode code, String detail) {
        return new UnavailableException(code, detail);
    }

    /** Creates the exception for an object store that failed. */
    public static UnavailableException objectStore(String detail, PortException cause) {
        return new UnavailableException(ErrorCode.STORAGE_UNAVAILABLE, detail, cause);
    }

    /** Creates the exception for a message relay that failed. */
    public static UnavailableException messageRelay(PortException cause) {
        return new UnavailableException(
                ErrorCode.RELAY_UNAVAILABLE, ErrorCode.RELAY_UNAVAILABLE.detail(), cause);
    }

    /** Creates the exception for a source of costs that failed. */
    public static UnavailableException usageCosts(PortException cause) {
        return new UnavailableException(
                ErrorCode.TASK_USAGE_UPSTREAM_UNAVAILABLE,
                ErrorCode.TASK_USAGE_UPSTREAM_UNAVAILABLE.detail(),
                cause);
    }

    /** Creates the exception for a cancellation that may not have been stored. */
    public static UnavailableException cancellation(ErrandException cause) {
        return new UnavailableException(
                ErrorCode.UNAVAILABLE, ErrorCode.UNAVAILABLE.detail(), cause);
    }
}
