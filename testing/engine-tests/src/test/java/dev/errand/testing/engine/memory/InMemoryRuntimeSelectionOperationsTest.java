package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.RuntimeSelectionOperationsContract;

class InMemoryRuntimeSelectionOperationsTest extends RuntimeSelectionOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
