package dev.errand.memory.engine;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.ReadBackProperties;

class InMemoryReadBackProperties extends ReadBackProperties {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
