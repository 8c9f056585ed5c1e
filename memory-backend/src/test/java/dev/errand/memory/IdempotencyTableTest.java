package dev.errand.memory;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.Idempotency;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class IdempotencyTableTest {

    private final IdempotencyTable answers = new IdempotencyTable();
    private Instant now = Instant.parse("2026-05-06T09:00:00Z");

    @Test
    void aResponseIsKeptForExactlyOneDay() {
        put("k");
        now = now.plus(Idempotency.KEPT_FOR).minusNanos(1);
        assertThat(answers.find(key("k"), now)).isPresent();
        now = now.plusNanos(1);
        assertThat(answers.find(key("k"), now)).isEmpty();
        put("k");
        assertThat(answers.find(key("k"), now)).isPresent();
    }

    @Test
    void newResponsesRemoveExpiredOnes() {
        Duration step = Duration.ofMinutes(1);
        for (int i = 0; i < 5_000; i++) {
            now = now.plus(step);
            put("k" + i);
        }

        assertThat(answers.size()).isEqualTo(Idempotency.KEPT_FOR.dividedBy(step));
    }

    @Test
    void noResponseIsKeptWithoutAKey() {
        answers.put(Optional.empty(), Optional.empty(), now);

        assertThat(answers.size()).isZero();
        assertThat(answers.find(Optional.empty(), now)).isEmpty();
    }

    private void put(String key) {
        answers.put(key(key), Optional.empty(), now);
    }

    private static Optional<Idempotency> key(String key) {
        return Optional.of(new Idempotency("user:31", "POST /", key, "hash"));
    }
}
