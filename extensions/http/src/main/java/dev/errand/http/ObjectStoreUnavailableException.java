package dev.errand.http;

import dev.errand.spi.ErrandException;
import dev.errand.spi.PortException;

/**
 * The served object store failed; the client may retry (docs/wire/errors.md#c5,
 * docs/wire/guarantees.md#j26).
 */
final class ObjectStoreUnavailableException extends ErrandException {

    private static final long serialVersionUID = 1L;

    ObjectStoreUnavailableException(String detail, PortException cause) {
        super(detail, cause);
    }
}
