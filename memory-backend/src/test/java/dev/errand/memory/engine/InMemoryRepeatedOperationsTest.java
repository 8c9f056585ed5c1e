package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.RepeatedOperationsContract;

class InMemoryRepeatedOperationsTest extends RepeatedOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
