package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The states of an active run and its worker. */
class ActiveRunTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");
    private static final Duration LAUNCH_LIMIT = Duration.ofMinutes(2);
    private static final Duration STEP_LIMIT = Duration.ofMinutes(15);

    private final ActiveRun run = ActiveRuns.claimed(1, START);

    @Test
    void aRunOccupiesASlotFromItsActivationToItsEnd() {
        assertThat(run.occupiesSlot()).isFalse();
        run.activate();
        assertThat(run.occupiesSlot()).isTrue();
        run.markOver();
        assertThat(run.occupiesSlot()).isFalse();

        run.activate();
        assertThat(run.isOver()).as("over is final").isTrue();
    }

    @Test
    void onlyOneThreadWorksOnARun() {
        run.activate();

        assertThat(run.beginWork(START)).isTrue();
        assertThat(run.beginWork(START)).isFalse();
        assertThat(run.endWork()).as("abandoned").isFalse();
        assertThat(run.beginWork(START)).isTrue();
    }

    @Test
    void noThreadWorksOnARunWhoseFinalChangeIsPending() {
        run.activate();
        run.settle(settlement());
        assertThat(run.settlement()).isPresent();
        assertThat(run.beginWork(START)).isFalse();

        run.resumeWork(START);
        assertThat(run.settlement()).isEmpty();
        assertThat(run.occupiesSlot()).isTrue();
    }

    @Test
    void aRunThatIsOverIsNotSettled() {
        run.activate();
        run.markOver();
        run.settle(settlement());

        assertThat(run.settlement()).isEmpty();
        run.resumeWork(START);
        assertThat(run.isOver()).isTrue();
    }

    @Test
    void theEndOfASandboxIsNotedForTheWorkerOnly() {
        run.activate();
        assertThat(run.noteSandboxEnd()).as("without a worker").isFalse();
        assertThat(run.takeSandboxEnd()).isFalse();

        run.beginWork(START);
        assertThat(run.noteSandboxEnd()).isTrue();
        assertThat(run.hasSandboxEnded()).isTrue();
        assertThat(run.takeSandboxEnd()).isTrue();
        assertThat(run.takeSandboxEnd()).as("taken once").isFalse();
    }

    @Test
    void theEndOfASandboxIsKeptUntilTheFinalChangeIsWritten() {
        run.activate();
        run.settle(settlement());
        assertThat(run.noteSandboxEnd()).isTrue();
        assertThat(run.takeSandboxEnd()).as("while pending").isFalse();

        run.resumeWork(START);
        assertThat(run.takeSandboxEnd()).isTrue();
    }

    @Test
    void aLaunchIsStuckAfterItsOwnLimitAndEveryOtherStepAfterALongerOne() {
        run.activate();
        assertThat(isStuck(STEP_LIMIT.multipliedBy(2))).as("without a worker").isFalse();

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
    void onlyAWorkerInALauncherCallIsInterrupted() {
        run.activate();
        assertThat(run.abandon()).as("without a worker").isFalse();
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
        return ActiveRuns.settlement(run);
    }
}
