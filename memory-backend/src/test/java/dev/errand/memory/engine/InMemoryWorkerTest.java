package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.WorkerContract;

class InMemoryWorkerTest extends WorkerContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
