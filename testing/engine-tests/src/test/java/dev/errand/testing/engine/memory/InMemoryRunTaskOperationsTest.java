package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.RunTaskOperationsContract;

class InMemoryRunTaskOperationsTest extends RunTaskOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
