package dev.errand.memory;

import dev.errand.tck.ArtifactConsumptionContract;
import dev.errand.tck.BackendFactory;

final class InMemoryConsumptionTest extends ArtifactConsumptionContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
