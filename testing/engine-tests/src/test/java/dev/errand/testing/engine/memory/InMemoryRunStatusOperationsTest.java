package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.RunStatusOperationsContract;

class InMemoryRunStatusOperationsTest extends RunStatusOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
