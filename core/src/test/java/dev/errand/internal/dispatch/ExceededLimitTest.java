package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.dispatch.LaunchRetryPolicy;
import dev.errand.internal.dispatch.DispatchFacts.StatusGroup;
import dev.errand.internal.dispatch.DispatchFacts.Stop;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** A limit expires after its time and not before; limits of the run precede the options. */
class ExceededLimitTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");
    private static final Duration TICK = Duration.ofNanos(1_000);
    private static final DispatchOptions OPTIONS =
            DispatchOptions.of("node-1")
                    .withTimeouts(
                            new DispatchTimeouts(
                                    Duration.ofHours(2),
                                    Duration.ofMinutes(1),
                                    Duration.ofMinutes(20),
                                    Duration.ofHours(1)));
    private static final QueueEntry WAITING = QueueEntry.queued(START);
    private static final QueueEntry LAUNCHED = WAITING.launched("sandbox-1", START);

    @Test
    void aQueuedRunExpiresAfterItsTimeInTheQueue() {
        assertNotBefore(
                Duration.ofHours(2), run(RunStatus.QUEUED, WAITING), ExceededLimit.QUEUE_TIME);
    }

    @Test
    void theTimeInTheQueueOfTheRunPrecedesTheOptions() {
        QueueEntry own =
                QueueEntry.queued(START, 0, RunTimeouts.NONE.withQueued(Duration.ofMinutes(3)));

        assertNotBefore(
                Duration.ofMinutes(3), run(RunStatus.QUEUED, own), ExceededLimit.QUEUE_TIME);
    }

    @Test
    void theTimeInTheQueueDoesNotApplyAfterAFailedLaunch() {
        StoredRun run = run(RunStatus.QUEUED, WAITING.launchFailed("no room", START));

        assertThat(at(START.plus(Duration.ofHours(3)), run, START))
                .isEqualTo(ExceededLimit.NO_LIMIT);
    }

    @Test
    void launchesAreRetriedWithinTheWindow() {
        QueueEntry failed = WAITING;
        for (int i = 0; i < LaunchRetryPolicy.MIN_ATTEMPTS; i++) {
            failed = failed.launchFailed("no room", START);
        }

        assertNotBefore(
                Duration.ofMinutes(15),
                run(RunStatus.QUEUED, failed),
                ExceededLimit.LAUNCH_RETRIES);
    }

    @Test
    void launchesAreRetriedUpToTheMaximumNumberOfAttempts() {
        DispatchOptions twice =
                OPTIONS.withLaunchRetry(LaunchRetryPolicy.DEFAULT.withMaxAttempts(2));
        QueueEntry once = WAITING.launchFailed("no room", START);

        assertThat(of(run(RunStatus.QUEUED, once), twice, START, START))
                .isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(
                        of(
                                run(RunStatus.QUEUED, once.launchFailed("no room", START)),
                                twice,
                                START,
                                START))
                .isEqualTo(ExceededLimit.LAUNCH_RETRIES);
    }

    @Test
    void aSandboxExpiresAfterItsTotalTime() {
        StoredRun run = run(RunStatus.IN_PROGRESS, LAUNCHED);
        Instant limit = START.plus(Duration.ofHours(1));

        assertThat(at(limit, run, limit)).isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(at(limit.plus(TICK), run, limit)).isEqualTo(ExceededLimit.TOTAL_TIME);
    }

    @Test
    void aSandboxIsInactiveSinceItsLastActivity() {
        StoredRun run = run(RunStatus.IN_PROGRESS, LAUNCHED);
        Instant lastActivity = START.plus(Duration.ofMinutes(7));
        Instant limit = lastActivity.plus(Duration.ofMinutes(20));

        assertThat(at(limit, run, lastActivity)).isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(at(limit.plus(TICK), run, lastActivity)).isEqualTo(ExceededLimit.INACTIVITY);
    }

    @Test
    void inactivityAndTotalTimeOfTheRunPrecedeTheOptions() {
        RunTimeouts own =
                RunTimeouts.NONE
                        .withInactivity(Duration.ofSeconds(5))
                        .withTotal(Duration.ofSeconds(9));
        StoredRun run =
                run(
                        RunStatus.IN_PROGRESS,
                        QueueEntry.queued(START, 0, own).launched("sandbox-1", START));

        assertThat(at(START.plusSeconds(5), run, START)).isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(at(START.plusSeconds(6), run, START)).isEqualTo(ExceededLimit.INACTIVITY);
        assertThat(at(START.plusSeconds(9), run, START.plusSeconds(9)))
                .isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(at(START.plusSeconds(10), run, START.plusSeconds(9)))
                .isEqualTo(ExceededLimit.TOTAL_TIME);
    }

    @Test
    void onlyTheConfirmationLimitAppliesToAStoppingRun() {
        Instant requested = START.plus(Duration.ofHours(5));
        StoredRun run =
                run(RunStatus.IN_PROGRESS, LAUNCHED.stopping(StopReason.TIME_LIMIT, requested));
        Instant limit = requested.plus(GracePeriods.DEFAULT.confirm());

        assertThat(at(limit, run, START)).isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(at(limit.plus(TICK), run, START)).isEqualTo(ExceededLimit.STOP_CONFIRMATION);
    }

    @Test
    void aSandboxMayFinishAfterItsRunEnded() {
        StoredRun run = run(RunStatus.COMPLETED, LAUNCHED.stopping(StopReason.ENDED, START));

        assertThat(stop(run, START.plusSeconds(29))).isEqualTo(Stop.SOON);
        assertThat(stop(run, START.plusSeconds(30))).isEqualTo(Stop.NOW);
        assertThat(stop(run(RunStatus.COMPLETED, LAUNCHED), START)).isEqualTo(Stop.SOON);
    }

    @Test
    void everyOtherStopIsImmediate() {
        for (StopReason cause : StopReason.values()) {
            StoredRun run = run(RunStatus.IN_PROGRESS, LAUNCHED.stopping(cause, START));
            assertThat(stop(run, START)).as(cause.name()).isEqualTo(Stop.NOW);
        }
        assertThat(stop(run(RunStatus.IN_PROGRESS, LAUNCHED), START)).isEqualTo(Stop.NO);
    }

    @Test
    void everyStatusHasAGroup() {
        assertThat(StatusGroup.of(run(RunStatus.QUEUED, WAITING).run()))
                .isEqualTo(StatusGroup.QUEUED);
        assertThat(StatusGroup.of(run(RunStatus.NOT_STARTED, WAITING).run()))
                .isEqualTo(StatusGroup.STARTED);
        assertThat(StatusGroup.of(run(RunStatus.IN_PROGRESS, LAUNCHED).run()))
                .isEqualTo(StatusGroup.STARTED);
        for (RunStatus end : List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)) {
            assertThat(StatusGroup.of(run(end, LAUNCHED).run())).isEqualTo(StatusGroup.ENDED);
        }
    }

    private static void assertNotBefore(Duration limit, StoredRun run, ExceededLimit expected) {
        assertThat(at(START.plus(limit), run, START)).isEqualTo(ExceededLimit.NO_LIMIT);
        assertThat(at(START.plus(limit).plus(TICK), run, START)).isEqualTo(expected);
    }

    private static ExceededLimit at(Instant now, StoredRun run, Instant lastActivity) {
        return of(run, OPTIONS, lastActivity, now);
    }

    private static ExceededLimit of(
            StoredRun stored, DispatchOptions options, Instant lastActivity, Instant now) {
        return ExceededLimit.of(
                stored.run(), stored.entry().orElseThrow(), options, lastActivity, now);
    }

    private static Stop stop(StoredRun run, Instant now) {
        return Stop.of(run, GracePeriods.DEFAULT, now);
    }

    private static StoredRun run(RunStatus status, QueueEntry entry) {
        boolean ended = status.isTerminal();
        Run run =
                new Run(
                        ProjectId.of(7),
                        TaskId.of(new UUID(0x7000L, 1)),
                        RunId.of(new UUID(0x7000L, 2)),
                        3,
                        status,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.of("{}"),
                        List.of(),
                        1,
                        ended ? Optional.of(EndReason.REPORTED) : Optional.empty(),
                        START,
                        START,
                        ended ? Optional.of(START) : Optional.empty());
        return new StoredRun(run, Optional.of(entry));
    }
}
