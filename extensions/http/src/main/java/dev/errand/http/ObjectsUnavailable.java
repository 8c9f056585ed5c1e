package dev.errand.http;

import dev.errand.spi.BackendException;
import dev.errand.spi.ErrandException;

/** The object store that is served failed: the client may try again (contract C5, J26). */
final class ObjectsUnavailable extends ErrandException {

    private static final long serialVersionUID = 1L;

    ObjectsUnavailable(String detail, BackendException cause) {
        super(detail, cause);
    }
}
