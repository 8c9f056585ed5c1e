package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.RuntimeSelectionOperationsContract;

class InMemoryRuntimeSelectionOperationsTest extends RuntimeSelectionOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
