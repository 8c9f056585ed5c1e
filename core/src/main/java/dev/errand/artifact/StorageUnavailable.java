package dev.errand.artifact;

import dev.errand.spi.BackendException;
import dev.errand.spi.ErrandException;

/** Object storage cannot be reached: try again (contract C5, J26). */
public final class StorageUnavailable extends ErrandException {

    private static final long serialVersionUID = 1L;

    private StorageUnavailable(String detail, BackendException cause) {
        super(detail, cause);
    }

    static StorageUnavailable because(String detail, BackendException cause) {
        return new StorageUnavailable(detail, cause);
    }
}
