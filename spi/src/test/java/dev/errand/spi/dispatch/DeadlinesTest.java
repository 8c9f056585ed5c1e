package dev.errand.spi.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlinesTest {

    @Test
    void eachIsCutToMilliseconds() {
        Duration given = Duration.ofNanos(1_999_999);
        Deadlines deadlines =
                Deadlines.NONE
                        .withQueued(given)
                        .withLaunch(given)
                        .withInactivity(given)
                        .withTotal(given);

        assertThat(deadlines.queued()).hasValue(Duration.ofMillis(1));
        assertThat(deadlines.launch()).hasValue(Duration.ofMillis(1));
        assertThat(deadlines.inactivity()).hasValue(Duration.ofMillis(1));
        assertThat(deadlines.total()).hasValue(Duration.ofMillis(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT-1S", "PT0S", "PT0.000999999S", "PT8760H0.001S"})
    void whatIsNoTimeOrTooLongIsRefused(Duration given) {
        assertThatThrownBy(() -> Deadlines.NONE.withInactivity(given))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("inactivity must be PT0.001S to PT8760H, not " + given);
    }

    @Test
    void theShortestAndTheLongestAreTaken() {
        Deadlines deadlines =
                Deadlines.NONE.withLaunch(Deadlines.SHORTEST).withTotal(Deadlines.LONGEST);
        assertThat(deadlines.launch()).hasValue(Deadlines.SHORTEST);
        assertThat(deadlines.total()).hasValue(Deadlines.LONGEST);
    }
}
