package dev.errand.testing.engine.memory;

import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineFactory;
import dev.errand.testing.engine.SilenceSimulation;
import org.junit.jupiter.api.Nested;

/** The dispatch contracts on the in-memory backend. */
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
