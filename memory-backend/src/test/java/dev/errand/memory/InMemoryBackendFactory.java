package dev.errand.memory;

import dev.errand.spi.store.Backend;
import dev.errand.tck.BackendFactory;
import java.time.Clock;

/** Opens the same backend for all nodes of a storage. */
final class InMemoryBackendFactory implements BackendFactory {

    private Backend backend;

    @Override
    public Backend open(Clock clock) {
        if (backend == null) {
            backend = InMemoryBackend.create(clock);
        }
        return backend;
    }

    @Override
    public void reset() {
        backend = null;
    }

    @Override
    public String name() {
        return "memory";
    }
}
