package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.SecretStoreContract;

final class InMemorySecretStoreTest extends SecretStoreContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
