package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.AuthorshipOperationsContract;
import dev.errand.testing.engine.EngineFactory;

class InMemoryAuthorshipOperationsTest extends AuthorshipOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
