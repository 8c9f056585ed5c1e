package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.LeaseContract;

final class InMemoryLeaseTest extends LeaseContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
