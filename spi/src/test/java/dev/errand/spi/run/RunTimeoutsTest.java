package dev.errand.spi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunTimeoutsTest {

    @Test
    void limitsAreTruncatedToMilliseconds() {
        Duration given = Duration.ofNanos(1_999_999);
        RunTimeouts timeouts =
                RunTimeouts.NONE
                        .withQueued(given)
                        .withLaunch(given)
                        .withInactivity(given)
                        .withTotal(given);

        assertThat(timeouts.queued()).hasValue(Duration.ofMillis(1));
        assertThat(timeouts.launch()).hasValue(Duration.ofMillis(1));
        assertThat(timeouts.inactivity()).hasValue(Duration.ofMillis(1));
        assertThat(timeouts.total()).hasValue(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0S", "PT0.000999999S", "PT8760H0.001S"})
    void aLimitOutsideTheRangeIsRejected(Duration given) {
        assertThatThrownBy(() -> RunTimeouts.NONE.withInactivity(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inactivity must be PT0.001S to PT8760H, not " + given);
    }

    @Test
    void theShortestAndTheLongestLimitAreAccepted() {
        RunTimeouts timeouts =
                RunTimeouts.NONE.withLaunch(RunTimeouts.SHORTEST).withTotal(RunTimeouts.LONGEST);
        assertThat(timeouts.launch()).hasValue(RunTimeouts.SHORTEST);
        assertThat(timeouts.total()).hasValue(RunTimeouts.LONGEST);
    }
}
