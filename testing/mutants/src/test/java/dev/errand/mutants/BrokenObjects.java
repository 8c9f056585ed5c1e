package dev.errand.mutants;

import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.objects.LocalObjectStoreContract;
import java.time.Clock;

/** The contract of object stores on a mutant; played by a {@link Hunt}. */
class BrokenObjects extends LocalObjectStoreContract {

    @Override
    protected LocalObjectStore open(Clock clock, Secret signingKey) {
        return Broken.objects(Hunt.hunted(), InMemoryObjectStore.create(clock, signingKey));
    }
}
