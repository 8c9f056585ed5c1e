package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.RunAdvanceContract;

final class InMemoryRunUpdateTest extends RunAdvanceContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
