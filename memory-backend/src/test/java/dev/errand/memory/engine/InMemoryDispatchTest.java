package dev.errand.memory.engine;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Backend;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.tck.TestClock;
import dev.errand.tck.engine.DispatchContract;

class InMemoryDispatchTest extends DispatchContract {

    @Override
    protected Backend openBackend(TestClock time) {
        return InMemoryBackend.create(time);
    }

    @Override
    protected ObjectStore openObjects(TestClock time) {
        return InMemoryObjectStore.create(time, Secret.of("a signing key for tests"));
    }
}
