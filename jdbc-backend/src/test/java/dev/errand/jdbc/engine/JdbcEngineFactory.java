package dev.errand.jdbc.engine;

import dev.errand.jdbc.database.TestDatabase;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.BackendFactory;
import dev.errand.testing.engine.EngineFactory;
import java.net.URI;
import java.time.Clock;

/** A database for all nodes of a test, and an in-memory object store. */
record JdbcEngineFactory(TestDatabase database) implements EngineFactory {

    @Override
    public BackendFactory storage() {
        return database;
    }

    @Override
    public LocalObjectStore openObjects(Clock clock) {
        InMemoryObjectStore objects =
                InMemoryObjectStore.create(clock, Secret.of("the signing key of the tests"));
        objects.setBaseUrl(URI.create("https://errand.example/api"));
        return objects;
    }
}
