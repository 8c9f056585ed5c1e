package dev.errand.memory.engine;

import dev.errand.memory.InMemoryBackend;
import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Backend;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ObjectStore;
import dev.errand.tck.TestClock;
import dev.errand.tck.engine.CancellationContract;
import dev.errand.tck.engine.DeadlineContract;
import dev.errand.tck.engine.DescriptionContract;
import dev.errand.tck.engine.DispatchContract;
import dev.errand.tck.engine.LauncherFaultContract;
import dev.errand.tck.engine.SilenceSimulation;
import org.junit.jupiter.api.Nested;

/** The dispatch protocol over the reference storage. */
class InMemoryDispatchTest {

    private static Backend backend(TestClock time) {
        return InMemoryBackend.create(time);
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
    }

    @Nested
    class LauncherFaults extends LauncherFaultContract {
        @Override
        protected Backend openBackend(TestClock time) {
            return backend(time);
        }

        @Override
        protected ObjectStore openObjects(TestClock time) {
            return objects(time);
        }
    }

    @Nested
    class Deadlines extends DeadlineContract {
        @Override
        protected Backend openBackend(TestClock time) {
            return backend(time);
        }

        @Override
        protected ObjectStore openObjects(TestClock time) {
            return objects(time);
        }
    }

    @Nested
    class Silence extends SilenceSimulation {
        @Override
        protected Backend openBackend(TestClock time) {
            return backend(time);
        }

        @Override
        protected ObjectStore openObjects(TestClock time) {
            return objects(time);
        }
    }

    @Nested
    class Describing extends DescriptionContract {
        @Override
        protected Backend openBackend(TestClock time) {
            return backend(time);
        }

        @Override
        protected ObjectStore openObjects(TestClock time) {
            return objects(time);
        }
    }
}
