package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.IdempotencyContract;

final class InMemoryIdempotencyTest extends IdempotencyContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
