package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.RunTaskOperationsContract;

class InMemoryRunTaskOperationsTest extends RunTaskOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
