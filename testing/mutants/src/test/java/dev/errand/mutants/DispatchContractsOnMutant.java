package dev.errand.mutants;

import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.testing.engine.DispatchContracts;
import dev.errand.testing.engine.EngineFactory;

/** The dispatch contracts on the current mutant of {@link MutantRunner}. */
class DispatchContractsOnMutant extends DispatchContracts {

    @Override
    protected EngineFactory factory() {
        return new MutatedEngineFactory();
    }

    @Override
    protected SandboxLauncher between(SandboxLauncher real) {
        return MutantProxies.launcher(MutantRunner.current(), real);
    }
}
