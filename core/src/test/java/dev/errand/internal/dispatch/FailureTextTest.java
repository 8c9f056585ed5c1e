package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts of failures (docs/wire/runs.md#g6). */
class FailureTextTest {

    private static final Instant NOW = Instant.parse("2026-05-07T09:30:00Z");

    @Test
    void theCauseIsTheMessageOfTheException() {
        assertThat(FailureText.causeOf(new IllegalStateException("no room\u0007")))
                .isEqualTo("no room\ufffd");
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", " \t"})
    void withoutAMessageTheCauseIsTheTypeOfTheException(String message) {
        assertThat(FailureText.causeOf(new IllegalStateException(message)))
                .isEqualTo("IllegalStateException");
    }

    @Test
    void theErrorMessageContainsTheCause() {
        assertThat(FailureText.message(FailureText.noHandle()))
                .isEqualTo(
                        "Failed to start task workflow: the launcher returned no handle for the sandbox");
        assertThat(FailureText.expired(Duration.ofHours(1)))
                .isEqualTo(
                        "Failed to start task workflow: it waited in the queue for more than 1"
                                + " hour");
    }

    @Test
    void aTimeoutHasASeparateReason() {
        String tooSlow = FailureText.timedOut(Duration.ofMinutes(2));

        assertThat(tooSlow).isEqualTo("the launcher did not answer within 2 minutes");
        assertThat(reasonAfter(tooSlow)).isEqualTo(EndReason.LAUNCH_TIMEOUT);
        assertThat(reasonAfter("no room")).isEqualTo(EndReason.LAUNCH_FAILED);
        assertThat(FailureText.reason(QueueEntry.queued(NOW))).isEqualTo(EndReason.LAUNCH_FAILED);
    }

    @Test
    void textFromOutsideIsCleanedAndBounded() {
        assertThat(ExternalText.clean("line\n\ttab \u001b[31m \r ü \ud83d\ude00 "))
                .isEqualTo("line\n\ttab \ufffd[31m \ufffd ü \ud83d\ude00 ");
        assertThat(ExternalText.clean("\ud7ff \ud800 \udfff \ue000"))
                .isEqualTo("\ud7ff \ufffd \ufffd \ue000");
        assertThat(ExternalText.clean("x".repeat(2_001))).isEqualTo("x".repeat(2_000));
    }

    private static EndReason reasonAfter(String cause) {
        return FailureText.reason(QueueEntry.queued(NOW).launchFailed(cause, NOW));
    }
}
