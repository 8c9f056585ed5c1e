package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.WorkerContract;

class InMemoryWorkerTest extends WorkerContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
