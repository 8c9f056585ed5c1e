package dev.errand.testing.engine;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.LaunchRetryPolicy;
import dev.errand.spi.BackendException;
import dev.errand.spi.JsonText;
import dev.errand.spi.dispatch.DispatchState;
import dev.errand.spi.dispatch.OutputArtifact;
import dev.errand.spi.dispatch.SandboxExit;
import dev.errand.spi.dispatch.SandboxId;
import dev.errand.spi.dispatch.SandboxState;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * A launcher that throws, hangs, talks nonsense or answers too late (design 5): every run comes to
 * an end that says why, and nothing that lives is ended by who no longer owns it.
 */
public abstract class LauncherFaultContract extends DispatchScene {

    private final HookedLauncher hooked = new HookedLauncher(launcher);

    /** For the subclasses, one a backend. */
    protected LauncherFaultContract() {}

    private static DispatchOptions tries(int max) {
        return options("node-1").withRetries(LaunchRetryPolicy.DEFAULT.withMaxAttempts(max));
    }

    private void assertLaunchFailed(Run run, EndReason reason, String message) {
        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(reason);
        assertThat(read(run).errorMessage()).contains(message);
        assertThat(read(run).dispatch().phase()).isEqualTo(DispatchState.Phase.DONE);
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    // --- throws

    @Test
    void oneThatThrowsIsAskedAsOftenAsTheBoundSays() {
        dispatchWith(hooked, tries(2));
        Run run = queue();
        for (int i = 0; i < 2; i++) {
            launcher.throwAtNextLaunch(new IllegalStateException("out of order"));
            dispatcher.runOnce();
            assertThat(read(run).status()).isEqualTo(RunStatus.QUEUED);
            clock.advance(Duration.ofSeconds(5));
        }

        dispatcher.runOnce();

        assertLaunchFailed(
                run, EndReason.LAUNCH_FAILED, "Failed to start task workflow: out of order");
    }

    @Test
    void oneThatThrowsWithoutWordsIsNamedByWhatItThrew() {
        dispatchWith(hooked, tries(1));
        launcher.throwAtNextLaunch(new ArithmeticException());
        Run run = queue();
        dispatcher.runOnce();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertLaunchFailed(
                run, EndReason.LAUNCH_FAILED, "Failed to start task workflow: ArithmeticException");
    }

    /** What fails on the way to the launcher is no failure of the launch. */
    @Test
    void aStorageThatIsAwayCountsNoFailure() {
        Run run = queue();
        launcher.duringLaunch(storage::fail);

        dispatcher.runOnce();
        storage.mend();
        launcher.duringLaunch(() -> {});
        assertThat(read(run).status()).isEqualTo(RunStatus.QUEUED);
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(read(run).dispatch().failures()).isZero();
        assertThat(launcher.launches()).as("one sandbox").hasSize(1);
    }

    // --- ends early

    /** Nobody tells of that end again, and the next look may be far away. */
    @Test
    void aSandboxThatEndsWhileItIsLaunchedIsSettledWithoutWaitingForTheNextLook() {
        launcher.duringLaunch(() -> launcher.exit(launcher.lastSandbox(), 0));
        dispatchWith(launcher, tries(1).withLease(Duration.ofHours(2), Duration.ofHours(1)));
        Run run = queue();

        dispatcher.start();

        until("the run is done", () -> read(run).status() == RunStatus.COMPLETED);
        until("nobody looks after it", () -> dispatcher.supervisedRuns() == 0);
    }

    // --- hangs

    @Test
    void oneThatHangsFailsTheLaunchInTime() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        hooked.onLaunched(
                name -> {
                    asked.countDown();
                    awaitQuietly(never);
                    return name;
                });
        dispatchWith(hooked, tries(1).withLease(Duration.ofHours(2), Duration.ofMillis(5)));
        Run run = queue();
        dispatcher.start();
        awaitQuietly(asked);
        clock.advance(Duration.ofMinutes(2).plusSeconds(1));

        until("the launch counts as failed", () -> read(run).dispatch().failures() == 1);
        clock.advance(Duration.ofSeconds(2));
        until("the run has failed", () -> read(run).status() == RunStatus.FAILED);

        until("nobody looks after it", () -> dispatcher.supervisedRuns() == 0);
        assertLaunchFailed(
                run,
                EndReason.LAUNCH_TIMEOUT,
                "Failed to start task workflow: the launcher did not answer within 2 minutes");
        until("the sandbox is gone", () -> launcher.running() == 0);
        never.countDown();
    }

    /** A thread that waits for a launcher keeps its slot, and no other. */
    @Test
    void oneThatHangsOnOneRunLaunchesTheOthers() {
        CountDownLatch never = new CountDownLatch(1);
        Run first = queue();
        SandboxId stuck = SandboxId.of(first);
        hooked.onLaunched(
                name -> {
                    if (name.endsWith(stuck.toString())) {
                        awaitEvenIfInterrupted(never);
                    }
                    return name;
                });
        dispatchWith(
                hooked, tries(9).withLease(Duration.ofHours(2), Duration.ofMillis(5)).withSlots(2));
        dispatcher.start();
        until("the sandbox is up", () -> launcher.running() == 1);

        Run second = queue();
        until("the second run is at work", () -> read(second).status() == RunStatus.IN_PROGRESS);
        clock.advance(Duration.ofMinutes(2).plusSeconds(1));
        until("the first is tried again", () -> read(first).dispatch().attempt() == 2);
        launcher.exit(SandboxId.of(second), 0);
        until("the second run is done", () -> read(second).status() == RunStatus.COMPLETED);
        clock.advance(Duration.ofSeconds(2));

        until("the first run is at work", () -> read(first).status() == RunStatus.IN_PROGRESS);
        assertThat(read(first).dispatch().attempt()).isEqualTo(2);
        never.countDown();
        until("the late one is put away", () -> launcher.discarded().contains(stuck));
        assertThat(launcher.stopOf(SandboxId.of(read(first)))).isEmpty();
    }

    /** Or one row that cannot be written would let the leases of all run out. */
    @Test
    void oneThatHangsCostsNoOtherRunItsLeaseWhereThatCannotBeRecorded() {
        Duration lease = Duration.ofMinutes(5);
        dispatchWith(hooked, tries(3).withLease(lease, Duration.ofSeconds(1)));
        Run other = launched();
        queue();
        hooked.onLaunched(
                name -> {
                    clock.advance(Duration.ofMinutes(2).plusSeconds(1));
                    storage.beforeNext(
                            "update",
                            () -> {
                                throw BackendException.retryable("RunStore", "locked", null);
                            });
                    dispatcher.runOnce(); // What its loop does while a launch does not come back.
                    return name;
                });

        dispatcher.runOnce();

        assertThat(backend.queue().findLease(PROJECT, other.id()).orElseThrow().until())
                .isEqualTo(clock.instant().plus(lease));
    }

    /** What does not come back from a look is left to somebody whose launcher answers. */
    @Test
    void oneThatHangsWhenAskedHowASandboxIsLosesTheRunToAnother() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        hooked.onInspected(
                state -> {
                    asked.countDown();
                    awaitQuietly(never);
                    return state;
                });
        dispatchWith(
                hooked, tries(1).withLease(Duration.ofHours(2), Duration.ofMillis(5)).withSlots(1));
        Run run = queue();
        dispatcher.start();
        awaitQuietly(asked);
        hooked.behave();
        clock.advance(Duration.ofMinutes(15).plusSeconds(1));

        until("the run is at work", () -> read(run).status() == RunStatus.IN_PROGRESS);
        launcher.exit(SandboxId.of(run), 0);
        until("the run is done", () -> read(run).status() == RunStatus.COMPLETED);
        never.countDown();
    }

    /** An owner that was away for longer than a lease may be its own successor. */
    @Test
    void aDispatcherThatClaimsItsOwnRunAgainGoesOnUnderTheNewLease() {
        dispatchWith(hooked, tries(3));
        Run run = launched();
        storage.beforeNext("claim", () -> clock.advance(LEASE.plusSeconds(1)));

        dispatcher.runOnce();

        assertThat(dispatcher.supervisedRuns()).isEqualTo(1);
        assertThat(launcher.running()).isEqualTo(1);
        launcher.exit(SandboxId.of(run), 0);
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    // --- talks nonsense

    @Test
    void oneThatGivesNoNameHasNotLaunched() {
        dispatchWith(hooked, tries(1));
        hooked.onLaunched(name -> " ");
        Run run = queue();
        SandboxId sandbox = SandboxId.of(run);
        dispatcher.runOnce();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertLaunchFailed(
                run,
                EndReason.LAUNCH_FAILED,
                "Failed to start task workflow: the launcher gave no name for the sandbox");
        assertThat(launcher.stopOf(sandbox)).isPresent();
        assertThat(launcher.running()).isZero();
    }

    @Test
    void whatNoDatabaseKeepsIsTakenOutOfItsWords() {
        dispatchWith(hooked, tries(1));
        launcher.throwAtNextLaunch(new IllegalStateException("broken \u0000 pipe \uD800"));
        Run run = queue();
        dispatcher.runOnce();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertLaunchFailed(
                run,
                EndReason.LAUNCH_FAILED,
                "Failed to start task workflow: broken \uFFFD pipe \uFFFD");
    }

    @Test
    void anAbsurdlyLongNameIsCut() {
        dispatchWith(hooked, tries(1));
        hooked.onLaunched(name -> "x\u0000".repeat(10_000));
        Run run = queue();
        dispatcher.runOnce();

        assertThat(read(run).dispatch().handle().orElseThrow())
                .hasSizeLessThanOrEqualTo(500)
                .startsWith("x\uFFFDx");
    }

    /** Who cannot say how a sandbox is does not get it killed; only its time is judged. */
    @Test
    void oneThatGivesNoStateIsAskedAgainUntilTheTimeIsOver() {
        dispatchWith(hooked, tries(1).withTimeLimit(Duration.ofHours(2)));
        Run run = launched();
        hooked.onInspected(state -> null);
        clock.advance(Duration.ofMinutes(90));
        dispatcher.runOnce();
        assertThat(launcher.stopOf(SandboxId.of(run))).isEmpty();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);

        hooked.behave();
        launcher.exit(SandboxId.of(run), 0);
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRunWhoseSandboxNobodyCanConfirmEndsAllTheSame() {
        dispatchWith(hooked, tries(1));
        Run run = launched();
        SandboxId sandbox = SandboxId.of(run);
        launcher.ignoreStops();
        hooked.onInspected(state -> new SandboxState.Exited(null));
        clock.advance(Duration.ofHours(1).plusSeconds(1));
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(launcher.stopOf(sandbox)).contains(DispatchState.StopReason.TIME_LIMIT);

        clock.advance(Duration.ofMinutes(10).plusSeconds(1));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(EndReason.TIME_LIMIT);
        assertThat(read(run).errorMessage())
                .contains("Agent was stopped at its time limit. Nobody confirmed that it stopped.");
        assertThat(dispatcher.supervisedRuns()).as("it is asked further").isEqualTo(1);
        hooked.behave();
        launcher.exit(sandbox, 137);
        dispatcher.runOnce();
        assertThat(read(run).dispatch().phase()).isEqualTo(DispatchState.Phase.DONE);
        assertThat(read(run).errorMessage().orElseThrow()).contains("Nobody confirmed");
    }

    @Test
    void lastLinesThatNoDatabaseKeepsEndTheRunAllTheSame() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                new SandboxExit(
                        3,
                        Optional.empty(),
                        Optional.of("{\"binary\":\"\\u0000\"}"),
                        Optional.empty(),
                        List.of(),
                        List.of("core dumped \u0000\u0007", "\uDC00")));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).errorMessage())
                .contains(
                        "Agent exited with code 3. Last output:\n"
                                + "core dumped \uFFFD\uFFFD\n\uFFFD");
        assertThat(read(run).output()).contains(JsonText.of("{\"binary\":\"\\u0000\"}"));
    }

    /** A file that can be read never does not keep a run open for ever. */
    @Test
    void aFileThatCannotBeReadIsGivenUpAfterTheWindow() {
        Run run = launched();
        launcher.exit(SandboxId.of(run), exitWith(unreadable()));
        dispatcher.runOnce();
        clock.advance(Duration.ofMinutes(14));
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);

        clock.advance(Duration.ofMinutes(2));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).errorMessage())
                .contains("The agent's file report.md could not be kept.");
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    // --- answers too late

    @Test
    void whatComesUpAfterItsDeadlineIsPutAwayAndChangesNothing() {
        dispatchWith(hooked, tries(1));
        Run run = queue();
        SandboxId sandbox = SandboxId.of(run);
        hooked.onLaunched(
                name -> {
                    clock.advance(Duration.ofMinutes(2).plusSeconds(1));
                    dispatcher.runOnce(); // What its loop does while a launch does not come back.
                    return name;
                });
        dispatcher.runOnce();

        assertThat(Thread.interrupted()).as("the caller is left alone").isFalse();
        assertThat(launcher.running()).isZero();
        assertThat(launcher.discarded()).contains(sandbox);
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();
        assertLaunchFailed(
                run,
                EndReason.LAUNCH_TIMEOUT,
                "Failed to start task workflow: the launcher did not answer within 2 minutes");
    }

    /** W4: an owner that comes back late finds its sandbox adopted, and leaves it alone. */
    @Test
    void aLateOwnerDoesNotEndWhatAnotherHasAdopted() {
        dispatchWith(hooked, tries(3));
        Dispatcher other = errand.dispatcher(launcher, options("node-2"));
        Run run = queue();
        hooked.onLaunched(
                name -> {
                    clock.advance(LEASE.plusSeconds(1));
                    other.runOnce();
                    return name;
                });

        dispatcher.runOnce();

        assertThat(dispatcher.supervisedRuns()).isZero();
        assertThat(other.supervisedRuns()).isEqualTo(1);
        assertThat(launcher.launches()).hasSize(1);
        assertThat(launcher.running()).isEqualTo(1);
        assertThat(launcher.stopOf(SandboxId.of(run))).isEmpty();
        assertThat(read(run).dispatch().attempt()).isEqualTo(1);
        other.close();
    }

    @Test
    void aLateOwnerWhoseLaunchFailedDoesNotEndWhatAnotherHasAdopted() {
        dispatchWith(hooked, tries(3));
        Dispatcher other = errand.dispatcher(launcher, options("node-2"));
        Run run = queue();
        hooked.onLaunched(
                name -> {
                    clock.advance(LEASE.plusSeconds(1));
                    other.runOnce();
                    throw new IllegalStateException("connection lost");
                });

        dispatcher.runOnce();

        assertThat(launcher.running()).isEqualTo(1);
        assertThat(launcher.stopOf(SandboxId.of(run))).isEmpty();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(read(run).dispatch().failures()).isZero();
        other.close();
    }

    /** What a sandbox left is there for whoever records its end, and for nobody else to remove. */
    @Test
    void aLateOwnerDoesNotRemoveWhatAnotherHasToRecord() {
        dispatchWith(hooked, tries(3));
        Run run = launched();
        SandboxId sandbox = SandboxId.of(run);
        Dispatcher other = errand.dispatcher(launcher, options("node-2").withGrace(LEASE, LEASE));
        hooked.onInspected(
                state -> {
                    clock.advance(LEASE.plusSeconds(1));
                    other.runOnce();
                    launcher.exit(sandbox, 0);
                    return new SandboxState.Exited(exitWith());
                });

        dispatcher.runOnce();
        assertThat(launcher.discarded()).isEmpty();
        other.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(launcher.discarded()).containsExactly(sandbox);
        other.close();
    }

    /** Who counted a failure and died before cleaning up leaves that to the next try. */
    @Test
    void theSandboxOfAFailedAttemptIsPutAwayBeforeTheNext() {
        dispatchWith(hooked, tries(3));
        Run run = queue();
        SandboxId first = SandboxId.of(run);
        hooked.onLaunched(
                name -> {
                    throw new IllegalStateException("connection lost");
                });
        launcher.failNextStops(1);
        dispatcher.runOnce();
        assertThat(launcher.running()).as("still there").isEqualTo(1);

        hooked.behave();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertThat(launcher.discarded()).contains(first);
        assertThat(launcher.running()).isEqualTo(1);
        assertThat(read(run).dispatch().attempt()).isEqualTo(2);
    }

    private static SandboxExit exitWith(OutputArtifact... files) {
        return new SandboxExit(
                0, Optional.empty(), Optional.empty(), Optional.empty(), List.of(files), List.of());
    }

    private static OutputArtifact unreadable() {
        return new OutputArtifact(
                "report.md",
                8,
                "text/markdown",
                () -> {
                    throw new IOException("no such file");
                });
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void awaitEvenIfInterrupted(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
