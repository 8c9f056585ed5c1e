package dev.errand.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Secret;
import dev.errand.spi.run.RunId;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

final class SecretShelfTest {

    private static final Map<String, Secret> SECRETS = Map.of("github", Secret.of("ghp_1"));

    private final SecretShelf shelf = new SecretShelf();
    private Instant now = Instant.parse("2026-05-06T09:00:00Z");

    @Test
    void oldSecretsGoWhileNewOnesComeSoThatTheirNumberIsBounded() {
        for (int i = 0; i < 1_000; i++) {
            now = now.plusSeconds(1);
            shelf.put(anyRun(), SECRETS, now.plus(Duration.ofSeconds(60)), now);
        }

        assertThat(shelf.size()).isEqualTo(60);
    }

    @Test
    void erasedSecretsLeaveNothingBehind() {
        RunId run = anyRun();
        shelf.put(run, SECRETS, now.plusSeconds(60), now);
        shelf.put(run, Map.of("api", Secret.of("1")), now.plusSeconds(90), now);
        shelf.erase(run);

        assertThat(shelf.size()).isZero();
    }

    private static RunId anyRun() {
        return RunId.of(UUID.randomUUID());
    }
}
