package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.LeaseRenewalContract;

final class InMemoryHeartbeatTest extends LeaseRenewalContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
