package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.RunStoreContract;

final class InMemoryRunStoreTest extends RunStoreContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
