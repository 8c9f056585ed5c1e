package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.OperationSequenceProperties;

class InMemoryOperationSequenceProperties extends OperationSequenceProperties {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
