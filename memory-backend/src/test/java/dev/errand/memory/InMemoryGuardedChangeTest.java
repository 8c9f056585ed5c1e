package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.LeasedUpdateContract;

final class InMemoryGuardedChangeTest extends LeasedUpdateContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
