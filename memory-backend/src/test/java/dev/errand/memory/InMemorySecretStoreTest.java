package dev.errand.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import dev.errand.tck.BackendFactory;
import dev.errand.tck.SecretStoreContract;
import dev.errand.tck.TestClock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class InMemorySecretStoreTest extends SecretStoreContract {

    private static final ProjectId PROJECT = ProjectId.of(7);
    private static final Map<String, Secret> SECRETS = Map.of("github", Secret.of("ghp_1"));

    private final TestClock clock = TestClock.at(Instant.parse("2026-05-06T09:00:00Z"));
    private final InMemorySecretStore secrets = new InMemorySecretStore(new Storage(clock));

    @Override
    protected BackendFactory factory() {
        return new InMemoryBackendFactory();
    }

    @Test
    void newSecretsRemoveExpiredOnesSoThatTheirNumberIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            clock.advance(Duration.ofSeconds(1));
            secrets.put(PROJECT, anyRun(), SECRETS, clock.instant().plusSeconds(60));
        }

        assertThat(secrets.size()).isEqualTo(60);
    }

    @Test
    void erasedSecretsUseNoMemory() {
        RunId run = anyRun();
        secrets.put(PROJECT, run, SECRETS, clock.instant().plusSeconds(60));
        secrets.put(PROJECT, run, Map.of("api", Secret.of("1")), clock.instant().plusSeconds(90));
        secrets.erase(PROJECT, run);

        assertThat(secrets.size()).isZero();
    }

    private static RunId anyRun() {
        return RunId.of(UUID.randomUUID());
    }
}
