package dev.errand.mutants;

import dev.errand.testing.engine.EngineContracts;
import dev.errand.testing.engine.EngineFactory;

/** The engine contracts on the current mutant of {@link MutantRunner}. */
class EngineContractsOnMutant extends EngineContracts {

    @Override
    protected EngineFactory factory() {
        return new MutatedEngineFactory();
    }
}
