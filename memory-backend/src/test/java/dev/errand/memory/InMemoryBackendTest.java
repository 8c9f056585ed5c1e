package dev.errand.memory;

import static dev.errand.tck.TestTasks.aTask;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendProvider;
import dev.errand.spi.store.TaskFilter;
import dev.errand.tck.TestClock;
import dev.errand.tck.TestTasks;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.junit.jupiter.api.Test;

final class InMemoryBackendTest {

    private static final ProjectId PROJECT = ProjectId.of(7);

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));

    @Test
    void theProviderIsFoundByItsScheme() {
        try (Backend backend = provider().open("memory:", Map.of(), clock)) {
            assertThat(backend).isInstanceOf(InMemoryBackend.class);
            assertThat(backend.clock()).isSameAs(clock);
        }
    }

    @Test
    void anotherUrlIsRejected() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider().open("memory:here", Map.of(), clock))
                .withMessageContaining("memory:here");
    }

    @Test
    void anUnknownOptionIsRejectedByName() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> provider().open("memory:", Map.of("size", "9"), clock))
                .withMessageContaining("size");
    }

    @Test
    void backendsShareNoData() {
        InMemoryBackend one = InMemoryBackend.create(clock);
        InMemoryBackend other = InMemoryBackend.create(clock);
        TestTasks.insertTask(one.tasks(), PROJECT, aTask().build(), Optional.empty());

        assertThat(other.tasks().list(PROJECT, TaskFilter.DEFAULT, PageRequest.FIRST).total())
                .isZero();
    }

    @Test
    void itHasNoOptionalCapabilities() {
        assertThat(InMemoryBackend.create().capabilities()).isEmpty();
        assertThat(InMemoryBackend.create().clock()).isEqualTo(Clock.systemUTC());
    }

    private static BackendProvider provider() {
        return ServiceLoader.load(BackendProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.scheme().equals("memory"))
                .findFirst()
                .orElseThrow();
    }
}
