package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.ExecutionLogContract;

final class InMemoryExecutionLogTest extends ExecutionLogContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
