package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When a body is too slow (docs/wire/idempotency-and-limits.md#j21). */
class BodyPaceTest {

    private static final BodyPace PACE = new BodyPace(Duration.ofMinutes(5), 1000);

    @ParameterizedTest
    @CsvSource({
        "0,     0,       false",
        "9.999, 0,       false",
        "10,    0,       true",
        "10,    9999,    true",
        "10,    10000,   false",
        "60,    59999,   true",
        "60,    60000,   false",
        "299.9, 1000000, false",
        "300,   1000000, true"
    })
    void aBodyMustHaveTheMinimumRateAfterTheGracePeriodAndEndBeforeTheDeadline(
            double seconds, long bytes, boolean isTooSlow) {
        assertThat(PACE.isTooSlow(Duration.ofMillis((long) (seconds * 1000)), bytes))
                .isEqualTo(isTooSlow);
    }
}
