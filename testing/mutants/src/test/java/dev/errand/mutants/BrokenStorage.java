package dev.errand.mutants;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;

/** The storage contracts on a mutant of the reference; played by a {@link Hunt}. */
class BrokenStorage extends StorageContracts {

    @Override
    protected BackendFactory factory() {
        return new BrokenEngine();
    }
}
