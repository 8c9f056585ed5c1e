package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.ModelContract;

final class InMemoryModelTest extends ModelContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
