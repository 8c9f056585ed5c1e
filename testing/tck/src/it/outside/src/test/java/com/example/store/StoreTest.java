package com.example.store;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.store.Backend;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;
import java.time.Clock;

/** The test that a backend author writes. */
class StoreTest extends StorageContracts {

    private Backend store;

    @Override
    protected BackendFactory factory() {
        return new BackendFactory() {
            @Override
            public Backend open(Clock clock) {
                if (store == null) {
                    store = InMemoryBackend.create(clock);
                }
                return store;
            }

            @Override
            public void reset() {
                store = null;
            }

            @Override
            public String name() {
                return "our store";
            }
        };
    }
}
