package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.ClaimLimitsContract;

final class InMemoryClaimLimitsTest extends ClaimLimitsContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
