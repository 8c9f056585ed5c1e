package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.TaskSummaryContract;

final class InMemoryTaskSummaryTest extends TaskSummaryContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
