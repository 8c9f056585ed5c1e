package dev.errand.mutants;

import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.EmbeddedObjectStore;
import dev.errand.tck.objects.EmbeddedObjectStoreContract;
import java.time.Clock;

/** The contract of object stores on a mutant; played by a {@link Hunt}. */
class BrokenObjects extends EmbeddedObjectStoreContract {

    @Override
    protected EmbeddedObjectStore open(Clock clock, Secret signingKey) {
        return Broken.objects(Hunt.hunted(), InMemoryObjectStore.create(clock, signingKey));
    }
}
