package dev.errand.memory.engine;

import dev.errand.tck.engine.ConcurrentOperationsContract;
import dev.errand.tck.engine.EngineFactory;

class InMemoryConcurrentOperationsTest extends ConcurrentOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
