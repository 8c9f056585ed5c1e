package dev.errand.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.errand.spi.Idempotency;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class FirstAnswersTest {

    private static final Replay<String, String> REPLAY =
            new Replay<>(
                    String.class,
                    answer -> answer.isEmpty() ? Optional.empty() : Optional.of(answer),
                    first -> "again " + first,
                    () -> "conflict");

    private final FirstAnswers answers = new FirstAnswers();
    private Instant now = Instant.parse("2026-05-06T09:00:00Z");

    @Test
    void anAnswerIsKeptForADayToTheNanosecond() {
        assertThat(ask("k", "one")).isEqualTo("one");
        now = now.plus(Idempotency.KEPT_FOR).minusNanos(1);
        assertThat(ask("k", "two")).isEqualTo("again one");
        now = now.plusNanos(1);
        assertThat(ask("k", "two")).isEqualTo("two");
        assertThat(ask("k", "three")).isEqualTo("again two");
    }

    @Test
    void oldAnswersGoWhileNewOnesComeSoThatTheirNumberIsBounded() {
        Duration step = Duration.ofMinutes(1);
        for (int i = 0; i < 5_000; i++) {
            now = now.plus(step);
            ask("k" + i, "answer");
        }

        assertThat(answers.size()).isEqualTo(Idempotency.KEPT_FOR.dividedBy(step));
    }

    @Test
    void nothingIsKeptOfAnAnswerWithoutEffect() {
        assertThat(ask("k", "")).isEmpty();

        assertThat(answers.size()).isZero();
        assertThat(ask("k", "now")).isEqualTo("now");
    }

    @Test
    void nothingIsKeptOfAFailure() {
        assertThat(
                        catchThrowable(
                                () ->
                                        answers.once(
                                                key("k"),
                                                REPLAY,
                                                now,
                                                () -> {
                                                    throw new IllegalStateException("out of luck");
                                                })))
                .hasMessage("out of luck");
        assertThat(ask("k", "now")).isEqualTo("now");
    }

    /** A key that one port used is no key for another. */
    @Test
    void anAnswerOfAnotherKindIsAConflict() {
        Replay<Long, Long> ofNumbers =
                new Replay<>(Long.class, Optional::of, first -> first, () -> -1L);
        answers.once(key("k"), ofNumbers, now, () -> 1L);

        assertThat(ask("k", "one")).isEqualTo("conflict");
    }

    private String ask(String key, String answer) {
        return answers.once(key(key), REPLAY, now, () -> answer);
    }

    private static Idempotency key(String key) {
        return new Idempotency("user:31", "POST /", key, "hash");
    }
}
