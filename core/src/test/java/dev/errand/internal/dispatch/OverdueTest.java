package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.GracePeriods;
import dev.errand.dispatch.LaunchRetryPolicy;
import dev.errand.internal.dispatch.DispatchFacts.Standing;
import dev.errand.internal.dispatch.DispatchFacts.Stop;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.RunTimeouts;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** Which limit a run is past: never before it, and the run's own before the engine's. */
class OverdueTest {

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
    private static final DispatchState WAITING = DispatchState.NONE.queued(START);
    private static final DispatchState LAUNCHED = WAITING.launched("sandbox-1", START);

    @Test
    void aRunThatWaitsIsTooOldAfterItsTimeInTheQueue() {
        assertNotBefore(Duration.ofHours(2), run(RunStatus.QUEUED, WAITING), Overdue.QUEUE_AGE);
    }

    @Test
    void aRunSaysForItselfHowLongItWaits() {
        DispatchState own =
                WAITING.withScheduling(0, RunTimeouts.NONE.withQueued(Duration.ofMinutes(3)));

        assertNotBefore(Duration.ofMinutes(3), run(RunStatus.QUEUED, own), Overdue.QUEUE_AGE);
    }

    @Test
    void onceALaunchFailedItsAgeInTheQueueNoLongerCounts() {
        Run run = run(RunStatus.QUEUED, WAITING.launchFailed("no room", START));

        assertThat(at(START.plus(Duration.ofHours(3)), run, START)).isEqualTo(Overdue.NOTHING);
    }

    @Test
    void launchesAreTriedForTheWindow() {
        DispatchState failed = WAITING;
        for (int i = 0; i < LaunchRetryPolicy.FEWEST; i++) {
            failed = failed.launchFailed("no room", START);
        }

        assertNotBefore(Duration.ofMinutes(15), run(RunStatus.QUEUED, failed), Overdue.RETRIES);
    }

    @Test
    void launchesAreTriedNoMoreOftenThanTheBoundSays() {
        DispatchOptions twice = OPTIONS.withRetries(LaunchRetryPolicy.DEFAULT.withMaxAttempts(2));
        DispatchState once = WAITING.launchFailed("no room", START);

        assertThat(Overdue.of(run(RunStatus.QUEUED, once), twice, START, START))
                .isEqualTo(Overdue.NOTHING);
        assertThat(
                        Overdue.of(
                                run(RunStatus.QUEUED, once.launchFailed("no room", START)),
                                twice,
                                START,
                                START))
                .isEqualTo(Overdue.RETRIES);
    }

    @Test
    void aSandboxRunsForItsTime() {
        Run run = run(RunStatus.IN_PROGRESS, LAUNCHED);
        Instant limit = START.plus(Duration.ofHours(1));

        assertThat(at(limit, run, limit)).isEqualTo(Overdue.NOTHING);
        assertThat(at(limit.plus(TICK), run, limit)).isEqualTo(Overdue.RUN_TIME);
    }

    @Test
    void aSandboxIsSilentSinceItWasHeardLast() {
        Run run = run(RunStatus.IN_PROGRESS, LAUNCHED);
        Instant heard = START.plus(Duration.ofMinutes(7));
        Instant limit = heard.plus(Duration.ofMinutes(20));

        assertThat(at(limit, run, heard)).isEqualTo(Overdue.NOTHING);
        assertThat(at(limit.plus(TICK), run, heard)).isEqualTo(Overdue.SILENCE);
    }

    @Test
    void aRunSaysForItselfHowLongItIsSilentAndHowLongItTakes() {
        RunTimeouts own =
                RunTimeouts.NONE
                        .withInactivity(Duration.ofSeconds(5))
                        .withTotal(Duration.ofSeconds(9));
        Run run = run(RunStatus.IN_PROGRESS, LAUNCHED.withScheduling(0, own));

        assertThat(at(START.plusSeconds(5), run, START)).isEqualTo(Overdue.NOTHING);
        assertThat(at(START.plusSeconds(6), run, START)).isEqualTo(Overdue.SILENCE);
        assertThat(at(START.plusSeconds(9), run, START.plusSeconds(9))).isEqualTo(Overdue.NOTHING);
        assertThat(at(START.plusSeconds(10), run, START.plusSeconds(9)))
                .isEqualTo(Overdue.RUN_TIME);
    }

    @Test
    void aStopIsToBeConfirmedInTimeAndNoOtherLimitCounts() {
        Instant asked = START.plus(Duration.ofHours(5));
        Run run =
                run(
                        RunStatus.IN_PROGRESS,
                        LAUNCHED.stopping(DispatchState.StopReason.TIME_LIMIT, asked));
        Instant limit = asked.plus(GracePeriods.DEFAULT.confirm());

        assertThat(at(limit, run, START)).isEqualTo(Overdue.NOTHING);
        assertThat(at(limit.plus(TICK), run, START)).isEqualTo(Overdue.STOP_TIME);
    }

    @Test
    void whatIsOwedNothingIsPastNothing() {
        Run run = run(RunStatus.COMPLETED, LAUNCHED.done());

        assertThat(at(START.plus(Duration.ofDays(9)), run, START)).isEqualTo(Overdue.NOTHING);
    }

    @Test
    void aRunThatEndedByItselfMaySendWhatIsLeftForAWhile() {
        Run run =
                run(RunStatus.COMPLETED, LAUNCHED.stopping(DispatchState.StopReason.ENDED, START));

        assertThat(stop(run, START.plusSeconds(29))).isEqualTo(Stop.SOON);
        assertThat(stop(run, START.plusSeconds(30))).isEqualTo(Stop.NOW);
        assertThat(stop(run(RunStatus.COMPLETED, LAUNCHED), START)).isEqualTo(Stop.SOON);
    }

    @Test
    void everyOtherStopIsAtOnce() {
        for (DispatchState.StopReason cause : DispatchState.StopReason.values()) {
            Run run = run(RunStatus.IN_PROGRESS, LAUNCHED.stopping(cause, START));
            assertThat(stop(run, START)).as(cause.name()).isEqualTo(Stop.NOW);
        }
        assertThat(stop(run(RunStatus.IN_PROGRESS, LAUNCHED), START)).isEqualTo(Stop.NO);
    }

    @Test
    void whereAStatusStands() {
        assertThat(Standing.of(run(RunStatus.QUEUED, WAITING))).isEqualTo(Standing.QUEUED);
        assertThat(Standing.of(run(RunStatus.NOT_STARTED, DispatchState.NONE)))
                .isEqualTo(Standing.ACTIVE);
        assertThat(Standing.of(run(RunStatus.IN_PROGRESS, LAUNCHED))).isEqualTo(Standing.ACTIVE);
        for (RunStatus end : List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)) {
            assertThat(Standing.of(run(end, LAUNCHED))).isEqualTo(Standing.ENDED);
        }
    }

    @Test
    void pausesDoubleUpToTheLongestAndAreNeverTheSameForAll() {
        LaunchRetryPolicy retries = LaunchRetryPolicy.DEFAULT;

        assertThat(retries.pauseAfter(0, drawing(0))).isEqualTo(Duration.ofMillis(500));
        assertThat(retries.pauseAfter(0, drawing(0.5))).isEqualTo(Duration.ofMillis(750));
        assertThat(retries.pauseAfter(3, drawing(0))).isEqualTo(Duration.ofSeconds(4));
        assertThat(retries.pauseAfter(6, drawing(0))).isEqualTo(Duration.ofSeconds(30));
        assertThat(retries.pauseAfter(1_000, drawing(0))).isEqualTo(Duration.ofSeconds(30));
    }

    private static RandomGenerator drawing(double drawn) {
        return new RandomGenerator() {
            @Override
            public long nextLong() {
                throw new AssertionError("only doubles are drawn");
            }

            @Override
            public double nextDouble() {
                return drawn;
            }
        };
    }

    private static void assertNotBefore(Duration limit, Run run, Overdue expected) {
        assertThat(at(START.plus(limit), run, START)).isEqualTo(Overdue.NOTHING);
        assertThat(at(START.plus(limit).plus(TICK), run, START)).isEqualTo(expected);
    }

    private static Overdue at(Instant now, Run run, Instant lastHeard) {
        return Overdue.of(run, OPTIONS, lastHeard, now);
    }

    private static Stop stop(Run run, Instant now) {
        return Stop.of(run, GracePeriods.DEFAULT, now);
    }

    private static Run run(RunStatus status, DispatchState dispatch) {
        boolean ended = status.isTerminal();
        return new Run(
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
                dispatch,
                ended ? Optional.of(EndReason.REPORTED) : Optional.empty(),
                START,
                START,
                ended ? Optional.of(START) : Optional.empty());
    }
}
