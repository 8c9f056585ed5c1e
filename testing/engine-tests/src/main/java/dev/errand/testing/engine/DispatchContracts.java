package dev.errand.testing.engine;

import dev.errand.spi.dispatch.SandboxLauncher;
import org.junit.jupiter.api.Nested;

/** All dispatch tests, to be extended once for each backend. */
public abstract class DispatchContracts {

    /** For the backend's test. */
    protected DispatchContracts() {}

    /** Returns the factory of the engine under test; called once for each test. */
    protected abstract EngineFactory factory();

    /** Returns the launcher that dispatchers use: the given one, or a wrapper. */
    protected SandboxLauncher between(SandboxLauncher real) {
        return real;
    }

    /** See {@link DispatchContract}. */
    @Nested
    public class Protocol extends DispatchContract {

        /** For JUnit. */
        public Protocol() {}

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

        /** For JUnit. */
        public Cancellation() {}

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

        /** For JUnit. */
        public LauncherFaults() {}

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

        /** For JUnit. */
        public SwiftSandboxes() {}

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

        /** For JUnit. */
        public Deadlines() {}

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

        /** For JUnit. */
        public Description() {}

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
