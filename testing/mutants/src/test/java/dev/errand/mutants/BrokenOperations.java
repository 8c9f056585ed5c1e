package dev.errand.mutants;

import dev.errand.testing.engine.EngineContracts;
import dev.errand.testing.engine.EngineFactory;

/** The contracts of the engine's operations on a mutant; played by a {@link Hunt}. */
class BrokenOperations extends EngineContracts {

    @Override
    protected EngineFactory factory() {
        return new BrokenEngine();
    }
}
