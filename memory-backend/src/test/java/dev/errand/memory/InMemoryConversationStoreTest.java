package dev.errand.memory;

import dev.errand.tck.BackendFactory;
import dev.errand.tck.ConversationStoreContract;

final class InMemoryConversationStoreTest extends ConversationStoreContract {

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }
}
