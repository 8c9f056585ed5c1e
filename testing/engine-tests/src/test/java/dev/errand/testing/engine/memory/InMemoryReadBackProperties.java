package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.ReadBackProperties;

class InMemoryReadBackProperties extends ReadBackProperties {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }
}
