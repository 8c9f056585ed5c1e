package dev.errand.mutants;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;

/** The storage contracts on the current mutant of {@link MutantRunner}. */
class StorageContractsOnMutant extends StorageContracts {

    @Override
    protected BackendFactory factory() {
        return new MutatedEngineFactory();
    }
}
