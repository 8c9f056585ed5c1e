package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.run.EndReason;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The words of launches that fail (contract G6). */
class LaunchFailureTest {

    private static final Instant NOW = Instant.parse("2026-05-07T09:30:00Z");

    @Test
    void theMessageOfAFailureIsItsText() {
        assertThat(LaunchFailure.thrown(new IllegalStateException("no room\u0007")))
                .isEqualTo("no room\ufffd");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " \t"})
    void aFailureWithoutWordsIsItsType(String message) {
        assertThat(LaunchFailure.thrown(new IllegalStateException(message)))
                .isEqualTo("IllegalStateException");
    }

    @Test
    void theRunsMessageSaysWhatFailed() {
        assertThat(LaunchFailure.message(LaunchFailure.noHandle()))
                .isEqualTo(
                        "Failed to start task workflow: the launcher gave no name for the sandbox");
        assertThat(LaunchFailure.expired(Duration.ofHours(1)))
                .isEqualTo(
                        "Failed to start task workflow: it waited in the queue for more than 1"
                                + " hour");
    }

    @Test
    void aLaunchThatWasTooSlowHasAReasonOfItsOwn() {
        String tooSlow = LaunchFailure.tooSlow(Duration.ofMinutes(2));

        assertThat(tooSlow).isEqualTo("the launcher did not answer within 2 minutes");
        assertThat(reasonAfter(tooSlow)).isEqualTo(EndReason.LAUNCH_TIMEOUT);
        assertThat(reasonAfter("no room")).isEqualTo(EndReason.LAUNCH_FAILED);
        assertThat(LaunchFailure.reason(DispatchState.NONE.queued(NOW)))
                .isEqualTo(EndReason.LAUNCH_FAILED);
    }

    @Test
    void foreignTextIsCleanedAndBounded() {
        assertThat(LaunchFailure.clean("line\n\ttab \u001b[31m \r ü \ud83d\ude00 "))
                .isEqualTo("line\n\ttab \ufffd[31m \ufffd ü \ud83d\ude00 ");
        assertThat(LaunchFailure.clean("\ud7ff \ud800 \udfff \ue000"))
                .isEqualTo("\ud7ff \ufffd \ufffd \ue000");
        assertThat(LaunchFailure.clean("x".repeat(2_001))).isEqualTo("x".repeat(2_000));
    }

    private static EndReason reasonAfter(String cause) {
        return LaunchFailure.reason(DispatchState.NONE.queued(NOW).launchFailed(cause, NOW));
    }
}
