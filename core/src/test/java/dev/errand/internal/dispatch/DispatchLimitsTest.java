package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.LaunchRetryPolicy;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Validation of timeouts and retry policies, and the backoff of retries. */
class DispatchLimitsTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final LaunchRetryPolicy RETRIES =
            new LaunchRetryPolicy(Duration.ofHours(1), SECOND, Duration.ofSeconds(60), 9);

    @ParameterizedTest
    @ValueSource(strings = {"PT0S", "PT-0.000000001S"})
    void durationsThatAreNotPositiveAreRejected(Duration none) {
        List<UnaryOperator<DispatchTimeouts>> timeouts =
                List.of(
                        it -> it.withQueued(none),
                        it -> it.withLaunch(none),
                        it -> it.withInactivity(none),
                        it -> it.withTotal(none));
        List<String> names = List.of("queued", "launch", "inactivity", "total");
        for (int i = 0; i < names.size(); i++) {
            UnaryOperator<DispatchTimeouts> change = timeouts.get(i);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> change.apply(DispatchTimeouts.DEFAULT))
                    .withMessageStartingWith(names.get(i) + " must be positive");
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaunchRetryPolicy(none, SECOND, SECOND, 1))
                .withMessageStartingWith("window");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaunchRetryPolicy(SECOND, none, SECOND, 1))
                .withMessageStartingWith("initialDelay");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new LaunchRetryPolicy(SECOND, SECOND, none, 1))
                .withMessageStartingWith("maxDelay");
    }

    @Test
    void eachTimeoutIsChangedIndependently() {
        DispatchTimeouts changed =
                DispatchTimeouts.DEFAULT
                        .withQueued(SECOND)
                        .withLaunch(SECOND.multipliedBy(2))
                        .withInactivity(SECOND.multipliedBy(3))
                        .withTotal(SECOND.multipliedBy(4));

        assertThat(changed)
                .isEqualTo(
                        new DispatchTimeouts(
                                SECOND,
                                SECOND.multipliedBy(2),
                                SECOND.multipliedBy(3),
                                SECOND.multipliedBy(4)));
    }

    @Test
    void atLeastOneAttemptIsRequired() {
        assertThat(RETRIES.withMaxAttempts(1).maxAttempts()).isEqualTo(1);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RETRIES.withMaxAttempts(0))
                .withMessage("maxAttempts must be 1 or more, not 0");
    }

    /** The actual delay is random, between half of the delay and the full delay. */
    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "5, 32", "6, 60", "20, 60", "100, 60"})
    void theDelayDoublesUpToItsMaximum(int earlier, int seconds) {
        assertThat(RETRIES.delayAfter(earlier, always(0)).toMillis()).isEqualTo(500L * seconds);
        assertThat(RETRIES.delayAfter(earlier, always(0.5)).toMillis()).isEqualTo(750L * seconds);
    }

    private static RandomGenerator always(double value) {
        return new Random(1) {
            private static final long serialVersionUID = 1L;

            @Override
            public double nextDouble() {
                return value;
            }
        };
    }
}
