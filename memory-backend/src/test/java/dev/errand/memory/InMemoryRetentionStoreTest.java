package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.RetentionStoreContract;

final class InMemoryRetentionStoreTest extends RetentionStoreContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
