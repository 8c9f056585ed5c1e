package dev.errand.testing.engine.memory;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.store.Backend;
import dev.errand.tck.BackendFactory;
import dev.errand.testing.engine.EngineFactory;
import java.net.URI;
import java.time.Clock;

/** One in-memory backend for all nodes of a test, and one in-memory object store. */
final class InMemoryEngineFactory implements EngineFactory, BackendFactory {

    private Backend backend;

    @Override
    public BackendFactory storage() {
        return this;
    }

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

    @Override
    public LocalObjectStore openObjects(Clock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("the signing key of the tests"));
        objects.setBaseUrl(URI.create("https://errand.example/api"));
        return objects;
    }
}
