package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.OperationSequenceProperties;

class InMemoryOperationSequenceProperties extends OperationSequenceProperties {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
