package dev.errand.testing.engine;

import dev.errand.spi.dispatch.SandboxLauncher;
import org.junit.jupiter.api.Nested;

/**
 * All contracts of the dispatch protocol in one: what they promise does not depend on the storage
 * under them. Whoever writes a backend extends this class, and says what an engine stands on.
 */
public abstract class DispatchContracts {

    /** How to get at what is tested; asked once a test. */
    protected abstract EngineFactory factory();

    /**
     * What the dispatchers of a test launch with: the launcher itself, or what stands before it.
     */
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
    public class Cancelling extends CancellationContract {

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
    public class RunTimeouts extends DeadlineContract {

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
    public class Describing extends DescriptionContract {

        @Override
        protected EngineFactory factory() {
            return DispatchContracts.this.factory();
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher real) {
            return DispatchContracts.this.between(real);
        }
    }
}
