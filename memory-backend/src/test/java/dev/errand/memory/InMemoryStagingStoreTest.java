package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.StagingStoreContract;

final class InMemoryStagingStoreTest extends StagingStoreContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
