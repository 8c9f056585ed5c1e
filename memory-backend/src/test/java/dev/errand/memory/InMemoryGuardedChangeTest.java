package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.GuardedChangeContract;

final class InMemoryGuardedChangeTest extends GuardedChangeContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
