package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineContracts;
import dev.errand.testing.engine.EngineFactory;

/** The operations of the engine on the in-memory backend. */
class InMemoryEngineTest extends EngineContracts {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
