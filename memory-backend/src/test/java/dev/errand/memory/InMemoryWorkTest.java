package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.SettlementContract;

final class InMemoryWorkTest extends SettlementContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
