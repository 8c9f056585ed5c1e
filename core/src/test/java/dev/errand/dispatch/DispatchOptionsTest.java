package dev.errand.dispatch;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Values that {@link DispatchOptions} rejects. */
class DispatchOptionsTest {

    /** A lease that is renewed less often than it expires is lost again and again. */
    @Test
    void thePollIntervalMustNotBeLongerThanTheLease() {
        DispatchOptions options =
                DispatchOptions.of("node-1")
                        .withLeaseDuration(Duration.ofSeconds(5))
                        .withPollInterval(Duration.ofSeconds(5));

        assertThatThrownBy(() -> options.withPollInterval(Duration.ofMillis(5_001)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("pollInterval must not be longer than leaseDuration");
        assertThatThrownBy(() -> options.withLeaseDuration(Duration.ofMillis(4_999)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
