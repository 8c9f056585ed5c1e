package dev.errand.testing.engine;

import static dev.errand.testing.engine.Eventually.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchOptions;
import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.GracePeriods;
import dev.errand.dispatch.LaunchRetryPolicy;
import dev.errand.spi.JsonText;
import dev.errand.spi.PortException;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.OutputArtifact;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxState;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/**
 * Launchers that throw, hang, return invalid values or return too late: every run ends with a
 * reason, and no dispatcher stops a sandbox that it no longer owns.
 */
public abstract class LauncherFaultContract extends DispatchScene {

    private final HookedLauncher hooked = new HookedLauncher(launcher);

    /** For subclasses, one for each backend. */
    protected LauncherFaultContract() {}

    private static DispatchOptions tries(int max) {
        return options("node-1").withLaunchRetry(LaunchRetryPolicy.DEFAULT.withMaxAttempts(max));
    }

    private void assertLaunchFailed(Run run, EndReason reason, String message) {
        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(reason);
        assertThat(read(run).errorMessage()).contains(message);
        assertThat(findEntry(run)).isEmpty();
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    // --- exceptions

    @Test
    void aFailingLaunchIsRetriedUpToTheMaximumNumberOfAttempts() {
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
    void anExceptionWithoutMessageIsReportedByItsType() {
        dispatchWith(hooked, tries(1));
        launcher.throwAtNextLaunch(new ArithmeticException());
        Run run = queue();
        dispatcher.runOnce();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertLaunchFailed(
                run, EndReason.LAUNCH_FAILED, "Failed to start task workflow: ArithmeticException");
    }

    @Test
    void anErrorOfTheLauncherIsAFailedLaunch() {
        dispatchWith(hooked, tries(1));
        hooked.onLaunched(
                name -> {
                    throw new NoClassDefFoundError("com/example/Client");
                });
        Run run = queue();
        dispatcher.runOnce();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertLaunchFailed(
                run,
                EndReason.LAUNCH_FAILED,
                "Failed to start task workflow: SandboxLauncher: java.lang.NoClassDefFoundError:"
                        + " com/example/Client");
    }

    /** Only failures of the launcher count as attempts. */
    @Test
    void unavailableStorageIsNoLaunchFailure() {
        Run run = queue();
        launcher.duringLaunch(storage::fail);

        dispatcher.runOnce();
        storage.restore();
        launcher.duringLaunch(() -> {});
        assertThat(read(run).status()).isEqualTo(RunStatus.QUEUED);
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(getEntry(run).failures()).isZero();
        assertThat(launcher.launches()).as("one sandbox").hasSize(1);
    }

    // --- early ends

    /** The end is reported only once, and the next poll is an hour away. */
    @Test
    void aSandboxThatEndsDuringItsLaunchIsSettledAtOnce() {
        launcher.duringLaunch(() -> launcher.exit(launcher.lastSandbox(), 0));
        dispatchWith(
                launcher,
                tries(1).withLeaseDuration(Duration.ofHours(2))
                        .withPollInterval(Duration.ofHours(1)));
        Run run = queue();

        dispatcher.start();

        until("the run is done", () -> read(run).status() == RunStatus.COMPLETED);
        until("it is not supervised", () -> dispatcher.supervisedRuns() == 0);
    }

    // --- hung calls

    @Test
    void aHungLaunchFailsAfterItsTimeout() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        hooked.onLaunched(
                name -> {
                    called.countDown();
                    await(never);
                    return name;
                });
        dispatchWith(
                hooked,
                tries(1).withLeaseDuration(Duration.ofHours(2))
                        .withPollInterval(Duration.ofMillis(5)));
        Run run = queue();
        dispatcher.start();
        await(called);
        clock.advance(Duration.ofMinutes(2).plusSeconds(1));

        until("the launch counts as failed", () -> getEntry(run).failures() == 1);
        clock.advance(Duration.ofSeconds(2));
        until("the run has failed", () -> read(run).status() == RunStatus.FAILED);

        until("it is not supervised", () -> dispatcher.supervisedRuns() == 0);
        assertLaunchFailed(
                run,
                EndReason.LAUNCH_TIMEOUT,
                "Failed to start task workflow: the launcher did not answer within 2 minutes");
        until("the sandbox is gone", () -> launcher.running() == 0);
        never.countDown();
    }

    /** A hung thread occupies its slot and no other. */
    @Test
    void aHungLaunchDoesNotBlockOtherRuns() {
        CountDownLatch never = new CountDownLatch(1);
        Run first = queue();
        SandboxId stuck = SandboxId.of(first);
        hooked.onLaunched(
                name -> {
                    if (name.endsWith(stuck.toString())) {
                        awaitUninterruptibly(never);
                    }
                    return name;
                });
        dispatchWith(
                hooked,
                tries(9).withLeaseDuration(Duration.ofHours(2))
                        .withPollInterval(Duration.ofMillis(5))
                        .withSlots(2));
        dispatcher.start();
        until("the sandbox is up", () -> launcher.running() == 1);

        Run second = queue();
        until(
                "the second run is in progress",
                () -> read(second).status() == RunStatus.IN_PROGRESS);
        clock.advance(Duration.ofMinutes(2).plusSeconds(1));
        until("the first run is retried", () -> read(first).attempt() == 2);
        launcher.exit(SandboxId.of(second), 0);
        until("the second run is done", () -> read(second).status() == RunStatus.COMPLETED);
        clock.advance(Duration.ofSeconds(2));

        until("the first run is in progress", () -> read(first).status() == RunStatus.IN_PROGRESS);
        assertThat(read(first).attempt()).isEqualTo(2);
        never.countDown();
        until("the late sandbox is discarded", () -> launcher.discarded().contains(stuck));
        assertThat(launcher.stopOf(SandboxId.of(read(first)))).isEmpty();
    }

    /** Otherwise a single row that cannot be written would cause all leases to expire. */
    @Test
    void aHungLaunchThatCannotBeRecordedDoesNotBlockOtherRenewals() {
        Duration lease = Duration.ofMinutes(5);
        dispatchWith(
                hooked, tries(3).withLeaseDuration(lease).withPollInterval(Duration.ofSeconds(1)));
        Run other = launched();
        queue();
        hooked.onLaunched(
                name -> {
                    clock.advance(Duration.ofMinutes(2).plusSeconds(1));
                    storage.beforeNext(
                            "update",
                            () -> {
                                throw PortException.retryable("RunStore", "locked");
                            });
                    dispatcher.runOnce(); // As the loop does while a launch hangs.
                    return name;
                });

        dispatcher.runOnce();

        assertThat(backend.queue().findLease(PROJECT, other.id()).orElseThrow().until())
                .isEqualTo(clock.instant().plus(lease));
    }

    /** Another dispatcher may have a launcher that responds. */
    @Test
    void aRunWhoseInspectionHangsIsReleased() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch called = new CountDownLatch(1);
        hooked.onInspected(
                state -> {
                    called.countDown();
                    await(never);
                    return state;
                });
        dispatchWith(
                hooked,
                tries(1).withLeaseDuration(Duration.ofHours(2))
                        .withPollInterval(Duration.ofMillis(5))
                        .withSlots(1));
        Run run = queue();
        dispatcher.start();
        await(called);
        hooked.reset();
        clock.advance(Duration.ofMinutes(15).plusSeconds(1));

        until("the run is in progress", () -> read(run).status() == RunStatus.IN_PROGRESS);
        launcher.exit(SandboxId.of(run), 0);
        until("the run is done", () -> read(run).status() == RunStatus.COMPLETED);
        never.countDown();
    }

    /** After a pause longer than a lease, a dispatcher may claim its own run. */
    @Test
    void aDispatcherThatClaimsItsOwnRunContinuesUnderTheNewLease() {
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

    // --- invalid values

    @Test
    void aLaunchWithoutAHandleHasFailed() {
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
                "Failed to start task workflow: the launcher returned no handle for the sandbox");
        assertThat(launcher.stopOf(sandbox)).isPresent();
        assertThat(launcher.running()).isZero();
    }

    @Test
    void controlCharactersAreRemovedFromTheCause() {
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
    void aLongHandleIsTruncated() {
        dispatchWith(hooked, tries(1));
        hooked.onLaunched(name -> "x\u0000".repeat(10_000));
        Run run = queue();
        dispatcher.runOnce();

        assertThat(getEntry(run).handle().orElseThrow())
                .hasSizeLessThanOrEqualTo(500)
                .startsWith("x\uFFFDx");
    }

    /** Only the time limit applies to a sandbox whose state is unknown. */
    @Test
    void aSandboxOfUnknownStateIsInspectedAgainUntilItsTimeLimit() {
        dispatchWith(
                hooked,
                tries(1).withTimeouts(DispatchTimeouts.DEFAULT.withTotal(Duration.ofHours(2))));
        Run run = launched();
        hooked.onInspected(state -> null);
        clock.advance(Duration.ofMinutes(90));
        dispatcher.runOnce();
        assertThat(launcher.stopOf(SandboxId.of(run))).isEmpty();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);

        hooked.reset();
        launcher.exit(SandboxId.of(run), 0);
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aRunEndsAlthoughItsStopIsNotConfirmed() {
        dispatchWith(hooked, tries(1));
        Run run = launched();
        SandboxId sandbox = SandboxId.of(run);
        launcher.ignoreStops();
        hooked.onInspected(state -> new SandboxState.Exited(null));
        clock.advance(Duration.ofHours(1).plusSeconds(1));
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(launcher.stopOf(sandbox)).contains(StopReason.TIME_LIMIT);

        clock.advance(GracePeriods.DEFAULT.confirm().plusSeconds(1));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(EndReason.TIME_LIMIT);
        assertThat(read(run).errorMessage())
                .contains("Agent was stopped at its time limit. Its stop was not confirmed.");
        assertThat(dispatcher.supervisedRuns()).as("the stop is repeated").isEqualTo(1);
        hooked.reset();
        launcher.exit(sandbox, 137);
        dispatcher.runOnce();
        assertThat(findEntry(run)).isEmpty();
        assertThat(read(run).errorMessage().orElseThrow()).contains("not confirmed");
    }

    @Test
    void controlCharactersAreRemovedFromTheLastOutput() {
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

    /** An unreadable file must not keep a run open. */
    @Test
    void anUnreadableFileIsSkippedAfterTheWindow() {
        Run run = launched();
        launcher.exit(SandboxId.of(run), exitWith(unreadable()));
        dispatcher.runOnce();
        clock.advance(Duration.ofMinutes(14));
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);

        clock.advance(Duration.ofMinutes(2));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(log(run))
                .containsExactly(
                        "Left out of the result: 1 artifact left out, it could not be stored:"
                                + " report.md");
        assertThat(dispatcher.supervisedRuns()).isZero();
    }

    // --- errors

    /** A dispatcher whose loop had ended would supervise nothing, and nobody would notice. */
    @Test
    void theLoopContinuesAfterAnErrorAndReportsIt() {
        List<Throwable> reported = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, error) -> reported.add(error));
        try {
            storage.beforeNext(
                    "claim",
                    () -> {
                        throw new OutOfMemoryError("planted");
                    });
            dispatcher.start();
            Run run = queue();

            until("the run is launched", () -> read(run).status() == RunStatus.IN_PROGRESS);

            assertThat(reported).singleElement().isInstanceOf(OutOfMemoryError.class);
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
    }

    // --- late results

    @Test
    void aSandboxLaunchedAfterItsTimeoutIsStopped() {
        dispatchWith(hooked, tries(1));
        Run run = queue();
        SandboxId sandbox = SandboxId.of(run);
        hooked.onLaunched(
                name -> {
                    clock.advance(Duration.ofMinutes(2).plusSeconds(1));
                    dispatcher.runOnce(); // As the loop does while a launch hangs.
                    return name;
                });
        dispatcher.runOnce();

        assertThat(Thread.interrupted()).as("interrupt status of the caller").isFalse();
        assertThat(launcher.running()).isZero();
        assertThat(launcher.discarded()).contains(sandbox);
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();
        assertLaunchFailed(
                run,
                EndReason.LAUNCH_TIMEOUT,
                "Failed to start task workflow: the launcher did not answer within 2 minutes");
    }

    /** The launch returns after another dispatcher has adopted the sandbox. */
    @Test
    void aLateOwnerDoesNotStopAnAdoptedSandbox() {
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
        assertThat(read(run).attempt()).isEqualTo(1);
        other.close();
    }

    @Test
    void aLateOwnerWhoseLaunchFailedDoesNotStopAnAdoptedSandbox() {
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
        assertThat(getEntry(run).failures()).isZero();
        other.close();
    }

    /** Only the owner that records the end discards the sandbox. */
    @Test
    void aLateOwnerDoesNotDiscardASandboxThatAnotherMustRecord() {
        dispatchWith(hooked, tries(3));
        Run run = launched();
        SandboxId sandbox = SandboxId.of(run);
        Dispatcher other =
                errand.dispatcher(
                        launcher,
                        options("node-2")
                                .withGracePeriods(
                                        GracePeriods.DEFAULT.withStop(LEASE).withFinish(LEASE)));
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

    /** The owner that recorded the failure may have died before the cleanup. */
    @Test
    void theSandboxOfAFailedAttemptIsStoppedBeforeTheNextAttempt() {
        dispatchWith(hooked, tries(3));
        Run run = queue();
        SandboxId first = SandboxId.of(run);
        hooked.onLaunched(
                name -> {
                    throw new IllegalStateException("connection lost");
                });
        launcher.failNextStops(1);
        dispatcher.runOnce();
        assertThat(launcher.running()).as("running sandboxes").isEqualTo(1);

        hooked.reset();
        clock.advance(Duration.ofSeconds(2));
        dispatcher.runOnce();

        assertThat(launcher.discarded()).contains(first);
        assertThat(launcher.running()).isEqualTo(1);
        assertThat(read(run).attempt()).isEqualTo(2);
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

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException("interrupted", interrupted);
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
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
