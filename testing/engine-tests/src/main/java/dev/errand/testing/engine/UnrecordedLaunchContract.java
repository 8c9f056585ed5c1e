package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.Errand;
import dev.errand.dispatch.Dispatcher;
import dev.errand.spi.PortException;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.project.Project;
import dev.errand.spi.project.ProjectDirectory;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.SandboxId;
import dev.errand.spi.sandbox.SandboxLauncher;
import dev.errand.spi.store.ClaimRequest;
import dev.errand.testkit.FakeLauncher;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * A dispatcher launched a sandbox and lost its lease before it recorded the launch: the sandbox is
 * adopted where it can be found, and stopped where it cannot. There are never two agents of one
 * attempt.
 */
public abstract class UnrecordedLaunchContract extends DispatchScene {

    private static final Duration QUEUE_TIME = Duration.ofHours(25);

    /** The launcher of another machine. */
    private final FakeLauncher elsewhere = new FakeLauncher();

    private Errand otherErrand;
    private Dispatcher other;

    /** For subclasses, one for each backend. */
    protected UnrecordedLaunchContract() {}

    /** Closes the other dispatcher. */
    @AfterEach
    public void closeOther() {
        if (other != null) {
            other.close();
            otherErrand.close();
        }
    }

    private void openOther(SandboxLauncher otherLauncher) {
        otherErrand =
                Errand.builder(
                                backend,
                                objects,
                                ProjectDirectory.of(new Project(PROJECT, "Acme Mobile App")))
                        .clock(clock)
                        .build();
        other = otherErrand.dispatcher(otherLauncher, options("node-2"));
    }

    /** Launches a sandbox, and makes storage unavailable for this dispatcher before it records. */
    private Run launchedUnrecorded() {
        Run run = queue();
        launcher.duringLaunch(storage::fail);
        dispatcher.runOnce();
        launcher.duringLaunch(() -> {});
        assertThat(launcher.isRunning(SandboxId.of(stored(run)))).isTrue();
        assertThat(stored(run).status()).isEqualTo(RunStatus.QUEUED);
        return run;
    }

    @Test
    void anotherMachineBeginsTheNextAttemptAndTheFirstSandboxIsStopped() {
        Run run = launchedUnrecorded();
        SandboxId first = SandboxId.of(stored(run));
        openOther(elsewhere);
        clock.advance(LEASE);

        other.runOnce();
        other.runOnce();

        assertThat(elsewhere.launches()).hasSize(1);
        assertThat(elsewhere.lastSandbox().attempt())
                .as("writes of the first sandbox are rejected")
                .isEqualTo(2);
        storage.restore();
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.isRunning(first)).isFalse();
        assertThat(elsewhere.running()).isEqualTo(1);
        elsewhere.exit(elsewhere.lastSandbox(), 0);
        other.runOnce();
        assertThat(stored(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aSandboxIsNotStoppedBeforeTheNewOwnerHasDecided() {
        Run run = launchedUnrecorded();
        SandboxId first = SandboxId.of(stored(run));
        clock.advance(LEASE);
        ClaimRequest request = new ClaimRequest("node-2", 1, LEASE);
        assertThat(backend.queue().claim(ProjectScope.everyProject(), request)).hasSize(1);
        storage.restore();

        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.isRunning(first)).as("it may still be adopted").isTrue();

        clock.advance(LEASE);
        openOther(elsewhere);
        other.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.isRunning(first)).as("the next attempt has begun").isFalse();
    }

    @Test
    void aDispatcherThatFindsTheSandboxAdoptsIt() {
        Run run = launchedUnrecorded();
        openOther(launcher);
        clock.advance(LEASE);

        other.runOnce();
        storage.restore();
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(stored(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(stored(run).attempt()).isEqualTo(1);
        assertThat(launcher.launches()).hasSize(1);
        assertThat(launcher.running()).isEqualTo(1);
    }

    @Test
    void aSandboxThatIsFoundAfterTheQueueTimeIsAdopted() {
        Run run = launchedUnrecorded();
        openOther(launcher);
        clock.advance(QUEUE_TIME);

        other.runOnce();

        assertThat(stored(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        launcher.exit(launcher.lastSandbox(), 0);
        other.runOnce();
        assertThat(stored(run).status()).isEqualTo(RunStatus.COMPLETED);
    }

    @Test
    void aSandboxElsewhereIsStoppedWhenTheRunHasExpired() {
        Run run = launchedUnrecorded();
        openOther(elsewhere);
        clock.advance(QUEUE_TIME);

        other.runOnce();
        assertThat(stored(run).endReason()).contains(EndReason.QUEUE_EXPIRED);
        storage.restore();
        dispatcher.runOnce();
        dispatcher.runOnce();

        assertThat(launcher.running()).isZero();
        assertThat(elsewhere.launches()).isEmpty();
    }

    @Test
    void aSandboxThatCannotBeInspectedIsStoppedAfterTheRunHasExpired() {
        Run run = launchedUnrecorded();
        HookedLauncher unreachable = new HookedLauncher(launcher);
        unreachable.onInspected(
                state -> {
                    throw PortException.retryable("SandboxLauncher", "cannot be reached");
                });
        openOther(unreachable);
        clock.advance(QUEUE_TIME);

        other.runOnce();
        assertThat(stored(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(stored(run).endReason()).contains(EndReason.QUEUE_EXPIRED);
        unreachable.reset();
        other.runOnce();
        other.runOnce();

        assertThat(launcher.running()).isZero();
        assertThat(findEntry(run)).isEmpty();
        assertThat(stored(run).endReason()).contains(EndReason.QUEUE_EXPIRED);
    }

    @Test
    void aDispatcherThatStopsDoesNotHideALaunchThatItCouldNotRecord() {
        Run run = launchedUnrecorded();
        storage.restore();

        dispatcher.close();

        openOther(elsewhere);
        other.runOnce();
        assertThat(stored(run).status())
                .as("the lease was not released")
                .isEqualTo(RunStatus.QUEUED);
        clock.advance(LEASE);
        other.runOnce();
        other.runOnce();
        assertThat(elsewhere.lastSandbox().attempt()).isEqualTo(2);
    }
}
