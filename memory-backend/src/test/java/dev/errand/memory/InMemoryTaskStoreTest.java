package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.TaskStoreContract;

final class InMemoryTaskStoreTest extends TaskStoreContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
