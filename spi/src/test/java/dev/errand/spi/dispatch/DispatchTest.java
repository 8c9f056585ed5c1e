package dev.errand.spi.dispatch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispatchTest {

    private static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");
    private static final Deadlines DEADLINES = Deadlines.NONE.withTotal(Duration.ofMinutes(5));
    private static final Dispatch URGENT = Dispatch.NONE.queued(NOW).onTerms(7, DEADLINES);

    static Stream<Dispatch> everyStep() {
        return Stream.of(
                URGENT,
                URGENT.launched("sandbox-1", NOW),
                URGENT.launchFailed("no room", NOW.plusSeconds(1)),
                URGENT.launched("sandbox-1", NOW).stopping(Dispatch.StopCause.INACTIVITY, NOW),
                URGENT.done(),
                URGENT.done().queued(NOW));
    }

    @ParameterizedTest
    @MethodSource("everyStep")
    void theTermsStayTheSameInEveryStep(Dispatch dispatch) {
        assertThat(dispatch.priority()).isEqualTo(7);
        assertThat(dispatch.deadlines()).isEqualTo(DEADLINES);
    }

    @Test
    void otherTermsChangeNothingElse() {
        Dispatch launched = Dispatch.NONE.queued(NOW).launched("sandbox-1", NOW);

        assertThat(launched.onTerms(-100, DEADLINES).onTerms(0, Deadlines.NONE))
                .isEqualTo(launched);
    }

    @ParameterizedTest
    @ValueSource(ints = {-101, 101, Integer.MIN_VALUE})
    void aPriorityOutsideItsRangeIsRefused(int priority) {
        assertThatThrownBy(() -> URGENT.onTerms(priority, Deadlines.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority must be -100 to 100, not " + priority);
    }
}
