package dev.errand.run;

import dev.errand.spi.BackendException;
import dev.errand.spi.ErrandException;

/** A message could not be queued for its chat thread: try again (contract I12). */
public final class RelayUnavailable extends ErrandException {

    private static final long serialVersionUID = 1L;

    private RelayUnavailable(String detail, BackendException cause) {
        super(detail, cause);
    }

    static RelayUnavailable because(String detail, BackendException cause) {
        return new RelayUnavailable(detail, cause);
    }
}
