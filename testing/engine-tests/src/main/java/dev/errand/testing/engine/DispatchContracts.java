package dev.errand.testing.engine;

import dev.errand.spi.sandbox.SandboxLauncher;
import org.junit.jupiter.api.Nested;

/** All dispatch tests, to be extended once for each backend. */
public abstract class DispatchContracts {

    /** Returns the factory of the engine under test; called once for each test. */
    protected abstract EngineFactory factory();

    /** Returns the launcher that dispatchers use: the given one, or a wrapper. */
    protected SandboxLauncher between(SandboxLauncher real) {
        return real;
    }

    /** See {@link DispatchContract}. */
    @Nested
    public class Protocol extends DispatchContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link CancellationContract}. */
    @Nested
    public class Cancellation extends CancellationContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link RestartContract}. */
    @Nested
    public class Restarts extends RestartContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link LauncherFaultContract}. */
    @Nested
    public class LauncherFaults extends LauncherFaultContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link ProviderLimitContract}. */
    @Nested
    public class ProviderLimits extends ProviderLimitContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link SwiftSandboxContract}. */
    @Nested
    public class SwiftSandboxes extends SwiftSandboxContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link DeadlineContract}. */
    @Nested
    public class Deadlines extends DeadlineContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link DescriptionContract}. */
    @Nested
    public class Description extends DescriptionContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link UnrecordedLaunchContract}. */
    @Nested
    public class UnrecordedLaunches extends UnrecordedLaunchContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link LogLimitContract}. */
    @Nested
    public class LogLimits extends LogLimitContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }

    /** See {@link WorkerPoolContract}. */
    @Nested
    public class WorkerPools extends WorkerPoolContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }
    }
}
