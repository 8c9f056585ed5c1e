package dev.errand.mutants;

import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineFactory;

/** The dispatch contracts with a mutant; played by a {@link Hunt}. */
class BrokenDispatch extends DispatchContracts {

    @Override
    protected EngineFactory factory() {
        return new BrokenEngine();
    }

    @Override
    protected SandboxLauncher between(SandboxLauncher real) {
        return Broken.launcher(Hunt.hunted(), real);
    }
}
