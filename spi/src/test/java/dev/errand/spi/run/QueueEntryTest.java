package dev.errand.spi.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.spi.run.QueueEntry.Phase;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class QueueEntryTest {

    private static final Instant NOW = Instant.parse("2026-05-06T09:00:00Z");
    private static final Instant LATER = NOW.plusSeconds(1);
    private static final RunTimeouts TIMEOUTS = RunTimeouts.NONE.withTotal(Duration.ofMinutes(5));
    private static final QueueEntry URGENT = QueueEntry.queued(NOW, 7, TIMEOUTS);
    private static final QueueEntry LAUNCHED = URGENT.launched("sandbox-1", LATER);

    static Stream<QueueEntry> everyStep() {
        return Stream.of(
                URGENT,
                LAUNCHED,
                URGENT.launchFailed("no room", LATER),
                LAUNCHED.stopping(StopReason.INACTIVITY, LATER));
    }

    @ParameterizedTest
    @MethodSource("everyStep")
    void everyStepKeepsPriorityTimeoutsAndTheTimeOfTheRequest(QueueEntry entry) {
        assertThat(entry.priority()).isEqualTo(7);
        assertThat(entry.timeouts()).isEqualTo(TIMEOUTS);
        assertThat(entry.queuedAt()).isEqualTo(NOW);
    }

    @Test
    void aQueuedRunIsDueAtOnce() {
        QueueEntry queued = QueueEntry.queued(NOW);

        assertThat(queued.phase()).isEqualTo(Phase.WAITING);
        assertThat(queued.dueAt()).isEqualTo(NOW);
        assertThat(queued.failures()).isZero();
        assertThat(queued.priority()).isZero();
        assertThat(queued.timeouts()).isEqualTo(RunTimeouts.NONE);
    }

    @Test
    void aFailedLaunchIsCountedAndRetriedLater() {
        QueueEntry failed = URGENT.launchFailed("no room", LATER);

        assertThat(failed.phase()).isEqualTo(Phase.WAITING);
        assertThat(failed.failures()).isEqualTo(1);
        assertThat(failed.lastFailure()).hasValue("no room");
        assertThat(failed.dueAt()).isEqualTo(LATER);
    }

    @Test
    void aLaunchedSandboxHasAHandleAndALaunchTime() {
        assertThat(LAUNCHED.handle()).hasValue("sandbox-1");
        assertThat(LAUNCHED.launchedAt()).hasValue(LATER);
        assertThat(LAUNCHED.stopRequestedAt()).isEmpty();
        assertThat(URGENT.launchedAt()).isEmpty();
    }

    @Test
    void aRequestedStopReplacesTheLaunchTime() {
        QueueEntry stopping = LAUNCHED.stopping(StopReason.TIME_LIMIT, LATER.plusSeconds(1));

        assertThat(stopping.launchedAt()).isEmpty();
        assertThat(stopping.stopRequestedAt()).hasValue(LATER.plusSeconds(1));
    }

    @ParameterizedTest
    @EnumSource
    void onlyAHandoffOrARestartIsReplacedByAnotherStop(StopReason first) {
        QueueEntry stopping = LAUNCHED.stopping(first, NOW);

        Optional<StopReason> then = stopping.stopping(StopReason.CANCELLED, LATER).stopReason();

        boolean isReplaced = first == StopReason.HANDOFF || first == StopReason.RESTART;
        assertThat(then).hasValue(isReplaced ? StopReason.CANCELLED : first);
    }

    @ParameterizedTest
    @EnumSource
    void aRestartReplacesEveryStopAndBeginsItsGraceTimeAgain(StopReason first) {
        QueueEntry restarting =
                LAUNCHED.stopping(first, NOW).restarting(LATER, 3, RunTimeouts.NONE);

        assertThat(restarting.stopReason()).hasValue(StopReason.RESTART);
        assertThat(restarting.stopRequestedAt()).hasValue(LATER);
        assertThat(restarting.phase()).isEqualTo(QueueEntry.Phase.LAUNCHED);
        assertThat(restarting.priority()).isEqualTo(3);
        assertThat(restarting.timeouts()).isEqualTo(RunTimeouts.NONE);
    }

    @Test
    void aRunCountsAgainstLimitsOnceItIsLeasedOrLaunched() {
        assertThat(URGENT.countsAgainstLimit(false)).isFalse();
        assertThat(URGENT.countsAgainstLimit(true)).isTrue();
        assertThat(LAUNCHED.countsAgainstLimit(false)).isTrue();
    }

    @Test
    void onlyAnUnleasedRunThatIsNotStoppingWaitsToStart() {
        assertThat(URGENT.isWaitingToStart(false)).isTrue();
        assertThat(URGENT.isWaitingToStart(true)).isFalse();
        assertThat(URGENT.stopping(StopReason.CANCELLED, LATER).isWaitingToStart(false)).isFalse();
        assertThat(LAUNCHED.isWaitingToStart(false)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {-101, 101, Integer.MIN_VALUE})
    void aPriorityOutsideTheRangeIsRejected(int priority) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> QueueEntry.queued(NOW, priority, RunTimeouts.NONE))
                .withMessage("priority must be -100 to 100, not " + priority);
    }
}
