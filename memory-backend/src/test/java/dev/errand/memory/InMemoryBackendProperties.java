package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.BackendModelProperties;

final class InMemoryBackendProperties extends BackendModelProperties {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
