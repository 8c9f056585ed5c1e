package dev.errand.spi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DispatchStateTest {

    private static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");
    private static final RunTimeouts DEADLINES =
            RunTimeouts.DEFAULTS.withTotal(Duration.ofMinutes(5));
    private static final DispatchState URGENT =
            DispatchState.NOT_REQUESTED.queued(NOW).withScheduling(7, DEADLINES);

    static Stream<DispatchState> everyStep() {
        return Stream.of(
                URGENT,
                URGENT.launched("sandbox-1", NOW),
                URGENT.launchFailed("no room", NOW.plusSeconds(1)),
                URGENT.launched("sandbox-1", NOW)
                        .stopping(DispatchState.StopReason.INACTIVITY, NOW),
                URGENT.done(),
                URGENT.done().queued(NOW));
    }

    @ParameterizedTest
    @MethodSource("everyStep")
    void priorityAndTimeoutsAreKeptByEveryStep(DispatchState dispatch) {
        assertThat(dispatch.priority()).isEqualTo(7);
        assertThat(dispatch.timeouts()).isEqualTo(DEADLINES);
    }

    @Test
    void changingPriorityAndTimeoutsChangesNothingElse() {
        DispatchState launched = DispatchState.NOT_REQUESTED.queued(NOW).launched("sandbox-1", NOW);

        assertThat(launched.withScheduling(-100, DEADLINES).withScheduling(0, RunTimeouts.DEFAULTS))
                .isEqualTo(launched);
    }

    @ParameterizedTest
    @ValueSource(ints = {-101, 101, Integer.MIN_VALUE})
    void aPriorityOutsideTheRangeIsRejected(int priority) {
        assertThatThrownBy(() -> URGENT.withScheduling(priority, RunTimeouts.DEFAULTS))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("priority must be -100 to 100, not " + priority);
    }
}
