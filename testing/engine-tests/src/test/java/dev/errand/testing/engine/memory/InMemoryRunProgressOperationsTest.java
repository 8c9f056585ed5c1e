package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.RunProgressOperationsContract;

class InMemoryRunProgressOperationsTest extends RunProgressOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
