package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The largest unit that fits exactly is used. */
class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.001S, 1 millisecond",
        "PT1.5S, 1500 milliseconds",
        "PT1S, 1 second",
        "PT59S, 59 seconds",
        "PT90S, 90 seconds",
        "PT1M, 1 minute",
        "PT15M, 15 minutes",
        "PT90M, 90 minutes",
        "PT1H, 1 hour",
        "PT48H, 48 hours"
    })
    void aDurationIsFormattedInItsLargestUnit(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
