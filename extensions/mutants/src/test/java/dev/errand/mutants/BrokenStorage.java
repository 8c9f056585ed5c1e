package dev.errand.mutants;

import dev.errand.memory.InMemoryBackend;
import dev.errand.spi.Backend;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.StorageContracts;
import java.time.Clock;

/** The storage contracts on a mutant of the reference; played by a {@link Hunt}. */
class BrokenStorage extends StorageContracts {

    @Override
    protected BackendFactory factory() {
        return new BackendFactory() {
            private Backend broken;

            @Override
            public Backend open(Clock clock) {
                if (broken == null) {
                    broken = Broken.backend(Hunt.hunted(), InMemoryBackend.create(clock));
                }
                return broken;
            }

            @Override
            public void reset() {
                broken = null;
            }

            @Override
            public String name() {
                return "";
            }
        };
    }
}
