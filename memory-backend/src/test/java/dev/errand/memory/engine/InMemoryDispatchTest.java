package dev.errand.memory.engine;

import dev.errand.tck.engine.DispatchContracts;
import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.SilenceSimulation;
import org.junit.jupiter.api.Nested;

/** The dispatch protocol over the reference storage. */
class InMemoryDispatchTest extends DispatchContracts {

    @Override
    protected EngineFactory factory() {
        return new InMemoryEngineFactory();
    }

    @Nested
    class Silence extends SilenceSimulation {
        @Override
        protected EngineFactory factory() {
            return new InMemoryEngineFactory();
        }
    }
}
