package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.RunLogContract;

final class InMemoryRunLogTest extends RunLogContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
