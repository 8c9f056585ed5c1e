package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.HeartbeatContract;

final class InMemoryHeartbeatTest extends HeartbeatContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
