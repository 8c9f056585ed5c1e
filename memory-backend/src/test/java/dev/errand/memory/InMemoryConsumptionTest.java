package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.ConsumptionContract;

final class InMemoryConsumptionTest extends ConsumptionContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
