package dev.errand.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.errand.error.ConflictException;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** An optimistic update is repeated a bounded number of times. */
class OptimisticRetryTest {

    private final AtomicInteger attempts = new AtomicInteger();
    private final AtomicInteger draws = new AtomicInteger();

    /** Always selects the shortest pause. */
    private final Random random =
            new Random() {
                private static final long serialVersionUID = 1L;

                @Override
                public double nextDouble() {
                    draws.incrementAndGet();
                    return 0;
                }
            };

    @Test
    void theFirstResultIsReturned() {
        String result = OptimisticRetry.untilPresent(random, () -> succeedAt(3));
        assertThat(result).isEqualTo("attempt 3");
        assertThat(attempts).hasValue(3);
    }

    @Test
    void theFirstAttemptsHaveNoPauseAndTheOthersARandomOne() {
        OptimisticRetry.untilPresent(random, () -> succeedAt(4));
        assertThat(draws).hasValue(0);
        attempts.set(0);
        OptimisticRetry.untilPresent(random, () -> succeedAt(7));
        assertThat(draws).hasValue(2);
    }

    @Test
    void anUpdateThatNeverSucceedsEndsWithAConflict() {
        assertThatExceptionOfType(ConflictException.class)
                .isThrownBy(() -> OptimisticRetry.untilPresent(random, () -> succeedAt(-1)));
        assertThat(attempts).hasValue(OptimisticRetry.MAX_ATTEMPTS);
    }

    private Optional<String> succeedAt(int attempt) {
        return attempts.incrementAndGet() == attempt
                ? Optional.of("attempt " + attempt)
                : Optional.empty();
    }
}
