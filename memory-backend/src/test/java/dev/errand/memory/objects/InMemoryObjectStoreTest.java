package dev.errand.memory.objects;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.spi.PortException;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.LocalObjectStore;
import dev.errand.tck.objects.LocalObjectStoreContract;
import java.io.ByteArrayInputStream;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InMemoryObjectStoreTest extends LocalObjectStoreContract {

    private static final Secret SIGNING_KEY = Secret.of("sixteen or more characters");
    private static final String OTHER_KEY = key(PROJECT, "other.pdf");

    @Override
    protected LocalObjectStore open(Clock clock, Secret signingKey) {
        return InMemoryObjectStore.create(clock, signingKey);
    }

    @Test
    void theTotalSizeIsBounded() {
        InMemoryObjectStore store = holdingAtMost(10);
        write(store, KEY, 6);
        write(store, OTHER_KEY, 4);

        assertThatThrownBy(() -> write(store, KEY, 7))
                .isInstanceOfSatisfying(
                        PortException.class, full -> assertThat(full.isRetryable()).isTrue());
        assertThat(store.head(PROJECT, KEY).orElseThrow().sizeInBytes()).hasValue(6);
    }

    @Test
    void replacedAndDeletedObjectsFreeSpace() {
        InMemoryObjectStore store = holdingAtMost(10);
        write(store, KEY, 10);
        write(store, KEY, 5);
        store.tag(PROJECT, KEY, Map.of("a", "b"));
        write(store, OTHER_KEY, 5);
        store.delete(PROJECT, KEY);
        store.delete(PROJECT, KEY);
        store.delete(ProjectId.of(8), OTHER_KEY);

        write(store, KEY, 5);
        assertThatThrownBy(() -> write(store, KEY, 6)).isInstanceOf(PortException.class);
    }

    @Test
    void aNegativeBoundIsRejected() {
        assertThatIllegalArgumentException().isThrownBy(() -> holdingAtMost(-1));
    }

    private InMemoryObjectStore holdingAtMost(long max) {
        return InMemoryObjectStore.builder(clock(), SIGNING_KEY).maxTotalSizeInBytes(max).build();
    }

    private static void write(LocalObjectStore store, String key, int size) {
        store.write(PROJECT, key, new ByteArrayInputStream(new byte[size]), size, "");
    }
}
