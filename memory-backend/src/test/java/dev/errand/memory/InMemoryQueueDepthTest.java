package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.QueueDepthContract;

final class InMemoryQueueDepthTest extends QueueDepthContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
