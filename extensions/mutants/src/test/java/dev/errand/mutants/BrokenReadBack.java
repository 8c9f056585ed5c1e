package dev.errand.mutants;

import dev.errand.tck.engine.EngineFactory;
import dev.errand.tck.engine.ReadBackProperties;

/** The properties of what is read back on a mutant; played by a {@link Hunt}. */
class BrokenReadBack extends ReadBackProperties {

    @Override
    protected EngineFactory factory() {
        return new BrokenEngine();
    }
}
