package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.errand.ProjectClient;
import dev.errand.access.Caller;
import dev.errand.dispatch.Dispatcher;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.NotFoundException;
import dev.errand.error.RequestException;
import dev.errand.error.UnavailableException;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CancelRunRequest;
import dev.errand.run.Cancellation;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.UserId;
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
 * Cancellation of runs (docs/wire/runs.md#g3, #l2, docs/wire/tasks.md#a10): through the Java API,
 * an update to {@code cancelled}, or the deletion of the task; its outcomes, and the writes that
 * are accepted afterwards.
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
        assertThat(read(run).errorMessage()).contains("Stopped by user");
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
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(getEntry(run).stopReason()).contains(StopReason.CANCELLED);
        Dispatcher next = errand.dispatcher(launcher, options("node-2"));
        next.runOnce();
        next.runOnce();
        assertThat(launcher.stopOf(SandboxId.of(run))).contains(StopReason.CANCELLED);
        assertThat(findEntry(run)).isEmpty();
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        next.close();
    }

    /** docs/wire/runs.md#l2 */
    @Test
    void theRunIsCancelledWhenItsSandboxHasStoppedAndTheFirstReasonIsKept() {
        Run run = launched();
        ProjectClient rosa = errand.project(PROJECT, Caller.user(UserId.of(7)));

        Cancellation first =
                rosa.runs().cancel(run.task(), run.id(), CancelRunRequest.of(" wrong branch "));
        Cancellation second =
                project.runs().cancel(run.task(), run.id(), CancelRunRequest.of("later"));

        assertThat(first).isEqualTo(new Cancellation.Accepted(read(run)));
        assertThat(second).isEqualTo(first);
        assertThat(read(run).status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(read(run).state().text())
                .endsWith(
                        "\"cancel_requested_at\":\"2026-05-07T09:30:00Z\",\"cancel_source\":\"api\","
                                + "\"cancel_requested_by_user_id\":7,\"cancel_reason\":\"wrong branch\"}");
        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(read(run).endReason()).contains(EndReason.CANCELLED);
        assertThat(read(run).errorMessage()).contains("wrong branch");
    }

    @Test
    void aTerminalReportThatIsStoredBeforeTheEndOfTheSandboxWins() {
        Run completed = launched();
        Run cancelled = launched();
        cancel(completed);
        cancel(cancelled);

        report(completed, RunStatus.COMPLETED);
        report(cancelled, RunStatus.CANCELLED);

        dispatcher.runOnce();
        dispatcher.runOnce();
        assertThat(read(completed).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(read(completed).errorMessage()).isEmpty();
        assertThat(read(cancelled).errorMessage()).contains("Stopped by user");
        assertThat(launcher.running()).isZero();
    }

    @Test
    void aRunIsCancelledAfterTheGraceTimeIfItsStopIsNotConfirmed() {
        Run run = launched();
        launcher.ignoreStops();
        cancel(run);
        dispatcher.runOnce();

        clock.advance(Duration.ofMinutes(5).plusSeconds(1));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(read(run).errorMessage()).contains("Stopped by user");
        assertThat(getEntry(run).stopReason()).as("the stop is repeated").isPresent();
    }

    @Test
    void localRunsAreNotCancelled() {
        Run run = launched();
        project.runs().update(run.task(), run.id(), UpdateRunRequest.builder().handOff().build());

        Cancellation answer = cancel(run);

        assertThat(answer).isEqualTo(new Cancellation.NotCancellable(read(run)));
        assertThat(answer.word()).isEqualTo("not_cancellable");
        assertThat(getEntry(run).stopReason()).contains(StopReason.HANDOFF);
    }

    @Test
    void noRunAwaitsAFirstMessage() {
        Run run = launched();
        CancelRunRequest conditional = new CancelRunRequest(Optional.empty(), Optional.of(true));

        Cancellation answer = project.runs().cancel(run.task(), run.id(), conditional);

        assertThat(answer).isEqualTo(new Cancellation.NotAwaitingMessage(read(run)));
        assertThat(answer.word()).isEqualTo("not_awaiting_message");
        assertThat(getEntry(run).stopReason()).isEmpty();
    }

    /** No dispatcher waits for the sandbox of such a run. */
    @Test
    void aRunOfAnExternalAgentIsCancelledAtOnce() {
        Run run = queue();
        report(run, RunStatus.IN_PROGRESS);
        dispatcher.runOnce();
        assertThat(findEntry(run)).isEmpty();

        assertThat(cancel(run).orElseThrow().status()).isEqualTo(RunStatus.CANCELLED);
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

        assertNotFound(project.runs().cancel(run.task(), unknown), "Not found.");
        assertNotFound(project.runs().cancel(run.task(), other.id()), "Not found.");
        project.tasks().delete(run.task());
        assertNotFound(cancel(run), "Task not found");
    }

    private static void assertNotFound(Cancellation answer, String text) {
        assertThat(answer.word()).isEqualTo("not_found");
        assertThatThrownBy(answer::orElseThrow)
                .isInstanceOf(NotFoundException.class)
                .hasMessage(text);
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
        assertThatThrownBy(answer::orElseThrow)
                .isInstanceOf(UnavailableException.class)
                .hasMessage("Could not reach the run's workflow; try again");
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
        report(run, RunStatus.CANCELLED);

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
