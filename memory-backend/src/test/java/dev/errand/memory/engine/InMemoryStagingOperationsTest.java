package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.StagingOperationsContract;

class InMemoryStagingOperationsTest extends StagingOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
