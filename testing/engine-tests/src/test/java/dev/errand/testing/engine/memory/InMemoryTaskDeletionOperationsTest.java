package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.TaskDeletionOperationsContract;

class InMemoryTaskDeletionOperationsTest extends TaskDeletionOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
