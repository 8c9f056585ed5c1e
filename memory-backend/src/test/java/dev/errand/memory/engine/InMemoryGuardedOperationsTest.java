package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.GuardedOperationsContract;

class InMemoryGuardedOperationsTest extends GuardedOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
