package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.ConcurrentOperationsContract;
import dev.errand.testing.engine.EngineFactory;

class InMemoryConcurrentOperationsTest extends ConcurrentOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
