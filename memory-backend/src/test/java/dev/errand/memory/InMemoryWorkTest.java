package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.WorkContract;

final class InMemoryWorkTest extends WorkContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
