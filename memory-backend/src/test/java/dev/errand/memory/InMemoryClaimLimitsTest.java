package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.ConcurrencyLimitContract;

final class InMemoryClaimLimitsTest extends ConcurrencyLimitContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
