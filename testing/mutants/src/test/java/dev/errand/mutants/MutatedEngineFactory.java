package dev.errand.mutants;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.spi.store.Backend;
import dev.errand.tck.BackendFactory;
import dev.errand.testing.engine.EngineFactory;
import java.net.URI;
import java.time.Clock;

/** Opens backends, object stores and host ports of which one is the current mutant. */
final class MutatedEngineFactory implements EngineFactory, BackendFactory {

    private Backend broken;

    @Override
    public BackendFactory storage() {
        return this;
    }

    @Override
    public Backend open(Clock clock) {
        if (broken == null) {
            broken = MutantProxies.backend(MutantRunner.current(), InMemoryBackend.create(clock));
        }
        return broken;
    }

    @Override
    public void reset() {
        broken = null;
    }

    @Override
    public String name() {
        return "";
    }

    @Override
    public <T> T between(Class<T> port, T real) {
        return MutantProxies.host(MutantRunner.current(), port, real);
    }

    @Override
    public LocalObjectStore openObjects(Clock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("a signing key for tests"));
        objects.setBaseUrl(URI.create("https://errand.example/api"));
        return MutantProxies.objects(MutantRunner.current(), objects);
    }
}
