package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.RunUpdateContract;

final class InMemoryRunUpdateTest extends RunUpdateContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
