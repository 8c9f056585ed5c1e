package dev.errand.mutants;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Backend;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.BackendFactory;
import dev.errand.testing.engine.EngineFactory;
import java.net.URI;
import java.time.Clock;

/** What an engine stands on, of which one port is the mutant that is hunted. */
final class BrokenEngine implements EngineFactory, BackendFactory {

    private Backend broken;

    @Override
    public BackendFactory storage() {
        return this;
    }

    @Override
    public Backend open(Clock clock) {
        if (broken == null) {
            broken = Broken.backend(Hunt.hunted(), InMemoryBackend.create(clock));
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
        return Broken.host(Hunt.hunted(), port, real);
    }

    @Override
    public LocalObjectStore openObjects(Clock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("a signing key for tests"));
        objects.serveAt(URI.create("https://errand.example/api"));
        return Broken.objects(Hunt.hunted(), objects);
    }
}
