package dev.errand.mutants;

import dev.errand.memory.objects.InMemoryObjectStore;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.objects.LocalObjectStoreContract;
import java.time.Clock;

/** The object store contract on the current mutant of {@link MutantRunner}. */
class ObjectStoreContractOnMutant extends LocalObjectStoreContract {

    @Override
    protected LocalObjectStore open(Clock clock, Secret signingKey) {
        return MutantProxies.objects(
                MutantRunner.current(), InMemoryObjectStore.create(clock, signingKey));
    }
}
