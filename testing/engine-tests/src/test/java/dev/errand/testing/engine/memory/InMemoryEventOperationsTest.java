package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.EventOperationsContract;

class InMemoryEventOperationsTest extends EventOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
