package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The states of a leased run, and the thread that works on it. */
class LeasedRunTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");
    private static final Duration LAUNCH_LIMIT = Duration.ofMinutes(2);
    private static final Duration STEP_LIMIT = Duration.ofMinutes(15);

    private final LeasedRun run = LeasedRuns.claimed(1, START);

    @Test
    void aRunOccupiesASlotUntilItsSupervisionEnds() {
        assertThat(run.occupiesSlot()).isFalse();
        run.occupySlot();
        assertThat(run.occupiesSlot()).isTrue();
        run.endSupervision();
        assertThat(run.occupiesSlot()).isFalse();

        run.occupySlot();
        assertThat(run.hasSupervisionEnded()).as("the end of supervision is final").isTrue();
    }

    @Test
    void onlyOneThreadWorksOnARun() {
        run.occupySlot();

        assertThat(run.beginWork(START)).isTrue();
        assertThat(run.beginWork(START)).isFalse();
        assertThat(run.endWork()).as("abandoned").isFalse();
        assertThat(run.beginWork(START)).isTrue();
    }

    @Test
    void noThreadWorksOnARunWhoseFinalChangeIsPending() {
        run.occupySlot();
        run.setSettlement(settlement());
        assertThat(run.settlement()).isPresent();
        assertThat(run.beginWork(START)).isFalse();

        run.resumeWork(START);
        assertThat(run.settlement()).isEmpty();
        assertThat(run.occupiesSlot()).isTrue();
    }

    @Test
    void aRunThatIsNotSupervisedIsNotSettled() {
        run.occupySlot();
        run.endSupervision();
        run.setSettlement(settlement());

        assertThat(run.settlement()).isEmpty();
        run.resumeWork(START);
        assertThat(run.hasSupervisionEnded()).isTrue();
    }

    @Test
    void theEndOfASandboxRequestsACheckOfTheWorkingThread() {
        run.occupySlot();
        assertThat(run.requestCheckAfterWork()).as("without a working thread").isFalse();
        assertThat(run.takeCheckAfterWork()).isFalse();

        run.beginWork(START);
        assertThat(run.requestCheckAfterWork()).isTrue();
        assertThat(run.hasSandboxEndedDuringWork()).isTrue();
        assertThat(run.takeCheckAfterWork()).isTrue();
        assertThat(run.takeCheckAfterWork()).as("taken once").isFalse();
    }

    @Test
    void theEndOfASandboxIsKeptUntilTheFinalChangeIsWritten() {
        run.occupySlot();
        run.setSettlement(settlement());
        assertThat(run.requestCheckAfterWork()).isTrue();
        assertThat(run.takeCheckAfterWork()).as("while pending").isFalse();

        run.resumeWork(START);
        assertThat(run.takeCheckAfterWork()).isTrue();
    }

    @Test
    void aLaunchIsStuckAfterItsOwnLimitAndEveryOtherStepAfterALongerOne() {
        run.occupySlot();
        assertThat(isStuck(STEP_LIMIT.multipliedBy(2))).as("without a working thread").isFalse();

        run.beginWork(START);
        assertThat(isStuck(STEP_LIMIT)).isFalse();
        assertThat(isStuck(STEP_LIMIT.plusNanos(1))).isTrue();
        run.enterLauncher(true, START);
        assertThat(isStuck(LAUNCH_LIMIT)).isFalse();
        assertThat(isStuck(LAUNCH_LIMIT.plusNanos(1))).isTrue();
        assertThat(run.isLaunching()).isTrue();
        run.leaveLauncher(START);
        run.enterLauncher(false, START);
        assertThat(isStuck(LAUNCH_LIMIT.plusNanos(1))).isFalse();
        assertThat(run.isLaunching()).isFalse();

        run.abandon();
        Thread.interrupted();
        assertThat(isStuck(STEP_LIMIT.plusNanos(1))).as("abandoned once").isFalse();
    }

    private boolean isStuck(Duration after) {
        return run.isStuck(START.plus(after), LAUNCH_LIMIT, STEP_LIMIT);
    }

    @Test
    void onlyAThreadInALauncherCallIsInterrupted() {
        run.occupySlot();
        assertThat(run.abandon()).as("without a working thread").isFalse();
        run.beginWork(START);
        assertThat(run.abandon()).isTrue();
        assertThat(Thread.interrupted()).as("outside of the launcher").isFalse();

        run.enterLauncher(false, START);
        run.abandon();
        assertThat(Thread.currentThread().isInterrupted()).isTrue();
        run.leaveLauncher(START);
        assertThat(Thread.interrupted()).as("after the launcher call").isFalse();
        assertThat(run.endWork()).as("abandoned").isTrue();
    }

    private PendingSettlement settlement() {
        return LeasedRuns.settlement(run);
    }
}
