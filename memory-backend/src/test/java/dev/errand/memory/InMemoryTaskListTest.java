package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.TaskListContract;

final class InMemoryTaskListTest extends TaskListContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
