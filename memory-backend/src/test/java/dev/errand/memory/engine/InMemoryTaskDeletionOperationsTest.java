package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.TaskDeletionOperationsContract;

class InMemoryTaskDeletionOperationsTest extends TaskDeletionOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
