package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.TaskListOperationsContract;

class InMemoryTaskListOperationsTest extends TaskListOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
