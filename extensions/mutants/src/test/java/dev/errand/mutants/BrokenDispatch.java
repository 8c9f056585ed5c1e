package dev.errand.mutants;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Backend;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.spi.dispatch.SandboxLauncher;
import dev.errand.tck.TestClock;
import dev.errand.tck.engine.CancellationContract;
import dev.errand.tck.engine.DispatchContract;
import org.junit.jupiter.api.Nested;

/** The dispatch contracts with a mutant; played by a {@link Hunt}. */
class BrokenDispatch {

    private static Backend backend(TestClock time) {
        return Broken.backend(Hunt.hunted(), InMemoryBackend.create(time));
    }

    private static ObjectStore objects(TestClock time) {
        return InMemoryObjectStore.create(time, Secret.of("a signing key for tests"));
    }

    @Nested
    class Protocol extends DispatchContract {
        @Override
        protected Backend openBackend(TestClock time) {
            return backend(time);
        }

        @Override
        protected ObjectStore openObjects(TestClock time) {
            return objects(time);
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher launcher) {
            return Broken.launcher(Hunt.hunted(), launcher);
        }
    }

    @Nested
    class Cancelling extends CancellationContract {
        @Override
        protected Backend openBackend(TestClock time) {
            return backend(time);
        }

        @Override
        protected ObjectStore openObjects(TestClock time) {
            return objects(time);
        }

        @Override
        protected SandboxLauncher between(SandboxLauncher launcher) {
            return Broken.launcher(Hunt.hunted(), launcher);
        }
    }
}
