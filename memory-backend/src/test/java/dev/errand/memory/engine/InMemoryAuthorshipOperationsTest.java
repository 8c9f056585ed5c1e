package dev.errand.memory.engine;

import dev.errand.tck.engine.AuthorshipOperationsContract;
import dev.errand.tck.engine.EngineFactory;

class InMemoryAuthorshipOperationsTest extends AuthorshipOperationsContract {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
