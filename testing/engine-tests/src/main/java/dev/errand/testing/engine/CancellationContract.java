package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.Dispatcher;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.RequestException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.Cancellation;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.SandboxId;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Cancellation of runs (docs/wire/runs.md#g3, docs/wire/tasks.md#a10): through the Java API, an
 * update to {@code cancelled}, or the deletion of the task; its outcomes, and the writes that are
 * accepted afterwards.
 */
public abstract class CancellationContract extends DispatchScene {

    /** For subclasses, one for each backend. */
    protected CancellationContract() {}

    private Cancellation cancel(Run run) {
        return project.runs().cancel(run.task(), run.id());
    }

    @Test
    void aQueuedRunIsCancelledAndNeverLaunched() {
        Run run = queue();

        Cancellation answer = cancel(run);

        assertThat(answer).isEqualTo(new Cancellation.Accepted(read(run)));
        assertThat(answer.word()).isEqualTo("accepted");
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(read(run).endReason()).contains(EndReason.CANCELLED);
        dispatcher.runOnce();
        assertThat(launcher.launches()).isEmpty();
        assertThat(findEntry(run)).isEmpty();
    }

    /** The intent to stop is stored first and survives the node that stored it. */
    @Test
    void theIntentIsStoredFirstAndTheNextOwnerStopsTheSandbox() {
        Run run = launched();
        dispatcher.close();

        assertThat(cancel(run)).isInstanceOf(Cancellation.Accepted.class);

        assertThat(launcher.running()).isEqualTo(1);
        assertThat(getEntry(run).stopReason()).contains(StopReason.CANCELLED);
        Dispatcher next = errand.dispatcher(launcher, options("node-2"));
        next.runOnce();
        next.runOnce();
        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.CANCELLED);
        assertThat(findEntry(run)).isEmpty();
        next.close();
    }

    @Test
    void cancellingEqualsAnUpdateToCancelled() {
        Run one = launched();
        Run other = launched();

        cancel(one);
        report(other, RunStatus.CANCELLED);

        assertThat(read(one).status()).isEqualTo(read(other).status());
        assertThat(read(one).endReason()).isEqualTo(read(other).endReason());
        assertThat(getEntry(one).stopReason()).isEqualTo(getEntry(other).stopReason());
        assertThat(read(one).completedAt()).isEqualTo(read(other).completedAt());
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"COMPLETED", "FAILED", "CANCELLED"})
    void anEarlierTerminalStatusIsKept(RunStatus end) {
        Run run = launched();
        report(run, end);
        Run before = read(run);

        Cancellation answer = cancel(run);

        assertThat(answer).isEqualTo(new Cancellation.AlreadyTerminal(before));
        assertThat(answer.word()).isEqualTo("already_terminal");
        assertThat(read(run)).isEqualTo(before);
    }

    @Test
    void unknownRunsAreNotFound() {
        Run run = queue();
        Run other = queue();
        RunId unknown = RunId.of(new UUID(1, 2));

        assertThat(project.runs().cancel(run.task(), unknown))
                .isEqualTo(new Cancellation.NotFound());
        assertThat(project.runs().cancel(run.task(), other.id()))
                .isEqualTo(new Cancellation.NotFound());
        project.tasks().delete(run.task());
        assertThat(cancel(run)).isEqualTo(new Cancellation.NotFound());
        assertThat(cancel(run).word()).isEqualTo("not_found");
    }

    @Test
    void unavailableStorageFailsTheCancellation() {
        Run run = launched();
        storage.fail();

        Cancellation answer = cancel(run);

        assertThat(answer).isInstanceOf(Cancellation.Unavailable.class);
        assertThat(answer.word()).isEqualTo("unavailable");
        assertThat(((Cancellation.Unavailable) answer).cause())
                .hasMessageContaining("connection lost");
        storage.restore();
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(cancel(run)).isInstanceOf(Cancellation.Accepted.class);
    }

    /** The launcher may fail, and the sandbox may take time to stop. */
    @Test
    void theStopIsRepeatedUntilTheSandboxHasStopped() {
        Run run = launched();
        SandboxId sandbox = SandboxId.of(run);
        launcher.ignoreStops();
        cancel(run);

        launcher.failNextStops(2);
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.stopOf(sandbox)).as("no stop reached the sandbox").isEmpty();
        dispatcher.runOnce();
        assertThat(launcher.stopOf(sandbox)).contains(StopReason.CANCELLED);
        assertThat(getEntry(run).phase()).isEqualTo(QueueEntry.Phase.LAUNCHED);
        assertThat(dispatcher.supervisedRuns()).isEqualTo(1);

        launcher.exit(sandbox, 137);
        dispatcher.runOnce();
        assertThat(findEntry(run)).isEmpty();
        assertThat(launcher.discarded()).containsExactly(sandbox);
    }

    /**
     * Agents send their last output after the end; only the status is final (docs/wire/runs.md#g3).
     */
    @Test
    void aLateStatusIsRejectedAndEverythingElseIsKept() {
        Run run = launched();
        ProjectClient agent = agentOf(run);
        cancel(run);

        for (RunStatus late :
                List.of(RunStatus.IN_PROGRESS, RunStatus.COMPLETED, RunStatus.FAILED)) {
            UpdateRunRequest report =
                    UpdateRunRequest.builder().status(late).branch("late").build();
            assertThatThrownBy(() -> agent.runs().update(run.task(), run.id(), report))
                    .isInstanceOf(InvalidRequestException.class)
                    .hasMessageContaining("Cannot change status from cancelled to " + late.wire());
        }
        assertThat(read(run).branch()).as("the whole report is rejected").isEmpty();

        agent.runs()
                .update(
                        run.task(),
                        run.id(),
                        UpdateRunRequest.builder()
                                .branch("fix/cart")
                                .output(JsonText.of("{\"pr_url\":\"https://x/1\"}"))
                                .state(JsonText.of("{\"turns\":3}"))
                                .build());
        agent.runs().appendLog(run.task(), run.id(), entry("after the end"));

        Run after = read(run);
        assertThat(after.status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.branch()).contains("fix/cart");
        assertThat(after.output()).contains(JsonText.of("{\"pr_url\":\"https://x/1\"}"));
        assertThat(after.state().text()).contains("\"turns\":3");
        assertThat(project.runs().readLog(run.task(), run.id(), 0, 10)).hasSize(1);
    }

    /** The status of the run does not matter. */
    @Test
    void writesOfASupersededAttemptAreRejected() {
        Run run = launched();
        ProjectClient late = agentOf(run);
        supersede(run);
        Run before = read(run);

        assertSuperseded(
                () ->
                        late.runs()
                                .update(
                                        run.task(),
                                        run.id(),
                                        UpdateRunRequest.builder().stage("late").build()));
        assertSuperseded(
                () ->
                        late.runs()
                                .setOutput(
                                        run.task(),
                                        run.id(),
                                        new SetOutputRequest(JsonText.of("1"))));
        assertSuperseded(() -> late.runs().appendLog(run.task(), run.id(), entry("late")));
        assertSuperseded(() -> late.runs().cancel(run.task(), run.id()));

        assertThat(read(run)).isEqualTo(before);
        assertThat(project.runs().readLog(run.task(), run.id(), 0, 10)).isEmpty();
    }

    @Test
    void outputOfASupersededSandboxIsNotLogged() {
        Run run = launched();
        launcher.print(SandboxId.of(run), "in time");
        supersede(run);
        dispatcher.check(run.id());
        dispatcher.runOnce();

        launcher.print(SandboxId.of(run), "too late");

        assertThat(project.runs().readLog(run.task(), run.id(), 0, 10))
                .singleElement()
                .satisfies(line -> assertThat(line.json().text()).contains("in time"));
    }

    /** A run that was not launched ends at once (docs/wire/guarantees.md#j17). */
    @Test
    void deletingATaskCancelsAllItsRuns() {
        Run live = launched();
        Run waiting =
                project.runs()
                        .run(live.task(), RunTaskRequest.builder().build())
                        .latestRun()
                        .orElseThrow();

        project.tasks().delete(live.task());

        assertThat(stored(waiting).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(stored(live).status())
                .as("before the stop is confirmed")
                .isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(getEntry(live).stopReason()).contains(StopReason.TASK_DELETED);
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(launcher.running()).isZero();
        for (Run run : List.of(live, waiting)) {
            assertThat(stored(run).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(stored(run).endReason()).contains(EndReason.TASK_DELETED);
            assertThat(findEntry(run)).isEmpty();
        }
    }

    /** Sandboxes keep running. */
    @Test
    void closingReleasesRunsToTheNextDispatcherAtOnce() {
        Run run = launched();
        Run stopping = launched();
        launcher.ignoreStops();
        cancel(stopping);
        dispatcher.runOnce();

        dispatcher.close();

        assertThat(launcher.running()).isEqualTo(2);
        Dispatcher next = errand.dispatcher(launcher, options("node-2"));
        assertThat(next.runOnce()).as("without waiting for leases").isEqualTo(2);
        assertThat(launcher.launches()).as("adopted, not launched").hasSize(2);
        launcher.exit(SandboxId.of(run), 0);
        launcher.exit(SandboxId.of(stopping), 137);
        next.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(read(stopping).status()).isEqualTo(RunStatus.CANCELLED);
        next.close();
    }

    @Test
    void aClosedDispatcherClaimsNothing() {
        dispatcher.close();
        queue();

        assertThatIllegalStateException()
                .isThrownBy(dispatcher::runOnce)
                .withMessageContaining("call Errand.dispatcher(");
        assertThat(launcher.launches()).isEmpty();
    }

    @Test
    void drainingWaitsForSupervisedRunsAndClaimsNoOthers() {
        Run run = launched();
        launcher.exit(SandboxId.of(run), 0);
        assertThat(dispatcher.drain(Duration.ofNanos(1))).as("not recorded yet").isFalse();
        Run waiting = queue();

        dispatcher.runOnce();

        assertThat(dispatcher.drain(Duration.ofNanos(1))).isTrue();
        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(read(waiting).status()).isEqualTo(RunStatus.QUEUED);
        Dispatcher next = errand.dispatcher(launcher, options("node-2"));
        next.runOnce();
        assertThat(read(waiting).status()).isEqualTo(RunStatus.IN_PROGRESS);
        next.close();
    }

    private ProjectClient agentOf(Run run) {
        return launcher.launches().stream()
                .filter(launch -> launch.sandbox().equals(SandboxId.of(run)))
                .map(
                        launch ->
                                errand.sandboxTokens()
                                        .verify(launch.apiToken().reveal())
                                        .orElseThrow())
                .map(grant -> errand.project(PROJECT, Caller.agent(Optional.empty(), grant)))
                .findFirst()
                .orElseThrow();
    }

    private static void assertSuperseded(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOf(RequestException.class)
                .hasMessage("This token belongs to a superseded attempt of the run.");
    }

    private static AppendLogRequest entry(String text) {
        return new AppendLogRequest(List.of(JsonText.of("{\"text\":\"" + text + "\"}")));
    }
}
