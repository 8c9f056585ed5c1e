package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.Dispatcher;
import dev.errand.dispatch.GracePeriods;
import dev.errand.error.AccessDeniedException;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.run.Cancellation;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxId;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Restarts of runs in the cloud (docs/wire/starting-runs.md#i9). The next attempt is launched only
 * after the sandbox of the earlier one has stopped.
 */
public abstract class RestartContract extends DispatchScene {

    /** For subclasses, one for each backend. */
    protected RestartContract() {}

    private Run restart(Run run) {
        return project.runs().resumeInCloud(run.task(), run.id());
    }

    private void handOff(Run run) {
        project.runs().update(run.task(), run.id(), UpdateRunRequest.builder().handOff().build());
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"COMPLETED", "FAILED", "CANCELLED"})
    void aRunThatHasEndedIsLaunchedAgainUnderTheSameId(RunStatus end) {
        Run first = launched();
        SandboxId old = SandboxId.of(first);
        project.runs()
                .update(
                        first.task(),
                        first.id(),
                        UpdateRunRequest.builder()
                                .status(end)
                                .errorMessage("over")
                                .output(JsonText.of("{\"pr_url\":\"u\"}"))
                                .state(JsonText.of("{\"token_usage\":{\"turns\":3}}"))
                                .build());
        launcher.exit(old, 0);
        dispatcher.runOnce();

        Run restarted = restart(first);

        assertThat(restarted.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(restarted.environment()).isEqualTo(RunEnvironment.CLOUD);
        assertThat(restarted.completedAt()).isEmpty();
        assertThat(restarted.endReason()).isEmpty();
        assertThat(restarted.errorMessage()).isEmpty();
        assertThat(restarted.output()).contains(JsonText.of("{\"pr_url\":\"u\"}"));
        assertThat(restarted.state().text())
                .isEqualTo(
                        "{\"mode\":\"interactive\",\"token_usage\":{\"turns\":3},\"handoff_resumed\":true}");
        dispatcher.runOnce();
        assertThat(read(first).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(launcher.lastSandbox().attempt()).isEqualTo(old.attempt() + 1);
        launcher.exit(launcher.lastSandbox(), 0);
        dispatcher.runOnce();
        assertThat(read(first).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(findEntry(first)).isEmpty();
    }

    /** The agent of the earlier attempt is rejected at once, before its sandbox has stopped. */
    @Test
    void theOldSandboxIsStoppedAndConfirmedBeforeTheNextAttemptIsLaunched() {
        Run run = launched();
        SandboxId old = SandboxId.of(run);
        ProjectClient oldAgent = lastAgent();
        launcher.ignoreStops();
        report(run, RunStatus.COMPLETED);

        restart(run);

        assertThatThrownBy(
                        () ->
                                oldAgent.runs()
                                        .update(
                                                run.task(),
                                                run.id(),
                                                UpdateRunRequest.builder()
                                                        .status(RunStatus.COMPLETED)
                                                        .build()))
                .isInstanceOf(AccessDeniedException.class)
                .hasMessage("This token belongs to a superseded attempt of the run.");
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.stopOf(old)).contains(StopReason.RESTART);
        assertThat(launcher.launches()).hasSize(1);
        assertThat(read(run).status()).isEqualTo(RunStatus.QUEUED);
        launcher.exit(old, 137);
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.launches()).hasSize(2);
        assertThat(launcher.discarded()).containsExactly(old);
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(read(run).attempt()).isEqualTo(old.attempt() + 1);
    }

    /** The next owner of the lease reads the intent, as for every stop. */
    @Test
    void anotherNodeStopsTheOldSandboxIfTheFirstOneIsGone() {
        Run run = launched();
        report(run, RunStatus.FAILED);
        dispatcher.close();
        restart(run);

        Dispatcher next = errand.dispatcher(between(launcher), options("node-2"));
        for (int i = 0; i < 3; i++) {
            next.runOnce();
        }

        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.RESTART);
        assertThat(launcher.running()).isEqualTo(1);
        assertThat(read(run).attempt()).isEqualTo(2);
        next.close();
    }

    @Test
    void aRunThatWasHandedOffReturnsToTheCloud() {
        Run run = launched();
        handOff(run);

        assertThat(restart(run).environment()).isEqualTo(RunEnvironment.CLOUD);

        for (int i = 0; i < 3; i++) {
            dispatcher.runOnce();
        }
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(launcher.launches()).hasSize(2);
        assertThat(launcher.running()).isEqualTo(1);
    }

    /** The old sandbox never runs beside a new one. */
    @Test
    void aLaunchInProgressIsFinishedAndStoppedBeforeTheNextOne() {
        Run run = queue();
        launcher.duringLaunch(
                () -> {
                    launcher.duringLaunch(() -> {});
                    handOff(run);
                    restart(run);
                });

        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.QUEUED);
        for (int i = 0; i < 3; i++) {
            dispatcher.runOnce();
        }
        assertThat(launcher.launches()).hasSize(2);
        assertThat(launcher.running()).isEqualTo(1);
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
    }

    @Test
    void aRunWhoseOldSandboxDoesNotStopFails() {
        Run run = launched();
        SandboxId old = SandboxId.of(run);
        launcher.ignoreStops();
        report(run, RunStatus.COMPLETED);
        restart(run);
        dispatcher.runOnce();

        clock.advance(GracePeriods.DEFAULT.confirm().plusSeconds(1));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).endReason()).contains(EndReason.LAUNCH_FAILED);
        assertThat(read(run).errorMessage())
                .contains(
                        "Failed to start task workflow: the stop of the earlier sandbox was not"
                                + " confirmed");
        launcher.exit(old, 137);
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(findEntry(run)).isEmpty();
        assertThat(launcher.launches()).hasSize(1);
    }

    @Test
    void aRunThatWaitsForItsOldSandboxCanBeCancelledAndRestartedAgain() {
        Run run = launched();
        SandboxId old = SandboxId.of(run);
        launcher.ignoreStops();
        report(run, RunStatus.COMPLETED);
        restart(run);

        Cancellation cancelled = project.runs().cancel(run.task(), run.id());

        assertThat(cancelled.orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(getEntry(run).stopReason()).contains(StopReason.CANCELLED);
        Run again = restart(run);
        assertThat(again.state().text()).doesNotContain("cancel_");
        launcher.exit(old, 137);
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.launches()).hasSize(2);
        assertThat(read(run).attempt()).isEqualTo(2);
    }

    @Test
    void aRunThatIsActiveInTheCloudIsNotRestarted() {
        Run queued = queue();
        assertAlreadyActive(queued);
        dispatcher.runOnce();
        assertAlreadyActive(queued);
        report(queued, RunStatus.COMPLETED);
        restart(queued);
        assertAlreadyActive(queued);
    }

    private void assertAlreadyActive(Run run) {
        Run before = read(run);
        InvalidRequestException rejected =
                catchThrowableOfType(InvalidRequestException.class, () -> restart(run));
        assertThat(rejected.first().code()).isEqualTo(ErrorCode.ALREADY_ACTIVE);
        assertThat(rejected).hasMessageContaining("Run is already active in cloud");
        assertThat(read(run)).isEqualTo(before);
    }

    @ParameterizedTest
    @EnumSource(RunEnvironment.class)
    void aRunThatWasNotStartedIsQueued(RunEnvironment environment) {
        Run queued = queue();
        Run created =
                project.runs()
                        .create(
                                queued.task(),
                                CreateRunRequest.builder().environment(environment).build());

        restart(created);

        dispatcher.runOnce();
        assertThat(read(created).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(read(created).attempt()).isEqualTo(1);
    }

    /** What was to be delivered to the earlier agent is not delivered to the next one. */
    @Test
    void aPendingMessageIsRemoved() {
        Run queued = queue();
        project.runs()
                .start(
                        queued.task(),
                        queued.id(),
                        StartRunRequest.builder().pendingUserMessage("Go").build());
        handOff(queued);

        assertThat(restart(queued).state().text()).doesNotContain("pending_user_message");
    }

    private ProjectClient lastAgent() {
        String token = launcher.launches().get(launcher.launches().size() - 1).apiToken().reveal();
        return errand.project(
                PROJECT,
                Caller.agent(Optional.empty(), errand.sandboxTokens().verify(token).orElseThrow()));
    }
}
