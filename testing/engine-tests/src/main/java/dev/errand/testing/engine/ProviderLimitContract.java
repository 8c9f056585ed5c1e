package dev.errand.testing.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchEvent;
import dev.errand.dispatch.ProviderLimitPolicy;
import dev.errand.run.RunDescription;
import dev.errand.run.RunDescription.StateReason;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.LaunchRequest;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.sandbox.SandboxId;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Runs that wait for the end of a limit of their provider, and conversations that are continued
 * (docs/operations.md#provider-limits, docs/wire/conversations.md#l4).
 */
public abstract class ProviderLimitContract extends DispatchScene {

    private static final Duration WAIT = Duration.ofHours(5);

    /** For subclasses, one for each backend. */
    protected ProviderLimitContract() {}

    @Test
    void aRunWaitsForTheEndOfTheLimitAndContinues() throws Exception {
        Run run = launched();
        Instant retryAt = clock.instant().plus(WAIT);
        limit(run, retryAt);

        Run waiting = read(run);
        assertThat(waiting.status()).isEqualTo(RunStatus.QUEUED);
        assertThat(waiting.errorMessage()).isEmpty();
        assertThat(waiting.attempt()).isEqualTo(2);
        QueueEntry entry = getEntry(run);
        assertThat(entry.dueAt()).isEqualTo(retryAt);
        assertThat(entry.phase()).isEqualTo(QueueEntry.Phase.WAITING);
        assertThat(launcher.discarded()).contains(SandboxId.of(run));
        assertThat(dispatcher.supervisedRuns()).isZero();

        clock.set(retryAt.minusSeconds(1));
        dispatcher.runOnce();
        assertThat(launcher.launches()).hasSize(1);
        clock.set(retryAt);
        dispatcher.runOnce();

        LaunchRequest next = launcher.launches().get(1);
        assertThat(next.sandbox().attempt()).isEqualTo(2);
        assertThat(next.prompt()).isEqualTo("Continue where you stopped.");
        assertThat(next.conversation().orElseThrow().sessionId()).isEqualTo("s-1");
        assertThat(contentOf(next)).isEqualTo("conversation 1");
        launcher.exit(next.sandbox(), exitWith(report("conversation 2")));
        dispatcher.runOnce();
        Run ended = read(run);
        assertThat(ended.status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(ended.state().text())
                .as("the tokens of both attempts")
                .contains("\"token_usage\":{\"turns\":2,\"total_tokens\":20}");
    }

    @Test
    void aWaitingRunSaysWhyAndUntilWhen() {
        List<DispatchEvent> events = new ArrayList<>();
        dispatcher.close();
        dispatcher = errand.dispatcher(between(launcher), options("node-1"), events::add);
        Run run = launched();
        Instant retryAt = clock.instant().plus(WAIT);
        limit(run, retryAt);

        RunDescription description = project.runs().describe(run.task(), run.id());
        assertThat(description.reason()).isEqualTo(StateReason.WAITING_FOR_PROVIDER);
        assertThat(description.sentence())
                .isEqualTo("The agent reached a limit of its provider: provider limit: later.");
        assertThat(description.next()).isEqualTo("Attempt 2 will be launched.");
        assertThat(description.nextAt()).contains(retryAt);
        assertThat(events).contains(new DispatchEvent.ProviderLimitReached(stored(run), retryAt));
    }

    /** The time in the queue counts from the end of the limit. */
    @Test
    void aLongWaitIsNotTimeInTheQueue() {
        Run run = launched();
        limit(run, clock.instant().plus(Duration.ofHours(24)));
        clock.advance(Duration.ofHours(25));
        dispatcher.runOnce();

        assertThat(launcher.launches()).hasSize(2);
    }

    @Test
    void aLimitThatLastsTooLongFailsTheRun() {
        Run run = launched();
        limit(run, clock.instant().plus(Duration.ofHours(24)).plusSeconds(1));

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).errorMessage()).contains("Agent failed: provider limit: later");
    }

    @Test
    void aRunWaitsOnlySoOften() {
        dispatchWith(
                between(launcher),
                options("node-1")
                        .withProviderLimits(new ProviderLimitPolicy(1, Duration.ofHours(6))));
        Run run = launched();
        limit(run, clock.instant().plus(WAIT));
        clock.advance(WAIT);
        dispatcher.runOnce();
        limit(read(run), clock.instant().plus(WAIT));

        assertThat(read(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(read(run).attempt()).isEqualTo(2);
    }

    @Test
    void aWaitingRunCanBeCancelled() {
        Run run = launched();
        limit(run, clock.instant().plus(WAIT));

        project.runs().cancel(run.task(), run.id());
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(findEntry(run)).isEmpty();
    }

    @Test
    void aRunThatHasEndedDoesNotWait() {
        Run run = launched();
        report(run, RunStatus.COMPLETED);
        limit(run, clock.instant().plus(WAIT));

        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(findEntry(run)).isEmpty();
    }

    /** docs/wire/conversations.md#l4: on any machine, after the first sandbox is gone. */
    @Test
    void aRunThatResumesAnotherContinuesItsConversation() throws Exception {
        Run first = launched();
        launcher.exit(SandboxId.of(first), exitWith(report("conversation 1")));
        dispatcher.runOnce();
        Run second = resume(first);
        launcher.exit(SandboxId.of(second), exitWith(report("conversation 2")));
        dispatcher.runOnce();

        resume(second);

        LaunchRequest request = launcher.launches().get(2);
        assertThat(request.prompt()).isEqualTo("go on");
        assertThat(contentOf(request)).isEqualTo("conversation 2");
        assertThat(request.conversation().orElseThrow().tokenUsage())
                .isEqualTo(JsonText.of("{\"turns\":2,\"total_tokens\":20}"));
        assertThat(contentOf(launcher.launches().get(1))).isEqualTo("conversation 1");
        assertThat(launcher.launches().get(0).conversation()).isEmpty();
    }

    @Test
    void aConversationThatIsTooLargeIsNotedAndLeftOut() {
        Run run = launched();
        launcher.exit(
                SandboxId.of(run),
                exitWith(
                        AgentReport.NONE.withConversation(
                                new AgentReport.ConversationFile(
                                        10_485_761, InputStream::nullInputStream))));
        dispatcher.runOnce();

        assertThat(read(run).status()).isEqualTo(RunStatus.COMPLETED);
        assertThat(log(run))
                .containsExactly(
                        "Left out of the result: the conversation is 10485761 bytes long, the limit"
                                + " is 10485760 bytes");
    }

    private Run resume(Run earlier) {
        Run run =
                project.runs()
                        .run(
                                earlier.task(),
                                RunTaskRequest.builder()
                                        .resumeFromRunId(earlier.id().value())
                                        .pendingUserMessage("go on")
                                        .build())
                        .latestRun()
                        .orElseThrow();
        dispatcher.runOnce();
        return read(run);
    }

    /** Ends the current sandbox of a run because of a limit of its provider. */
    private void limit(Run run, Instant retryAt) {
        AgentReport report = report("conversation 1");
        launcher.exit(
                SandboxId.of(run),
                exitWith(
                        new AgentReport(
                                report.tokenUsage(),
                                report.sessionId(),
                                Optional.of("provider limit: later"),
                                Optional.of(retryAt),
                                report.conversation())));
        dispatcher.runOnce();
    }

    private static AgentReport report(String conversation) {
        byte[] bytes = conversation.getBytes(StandardCharsets.UTF_8);
        return new AgentReport(
                        Optional.of(JsonText.of("{\"turns\":1,\"total_tokens\":10}")),
                        Optional.of("s-1"),
                        Optional.empty())
                .withConversation(
                        new AgentReport.ConversationFile(
                                bytes.length, () -> new ByteArrayInputStream(bytes)));
    }

    private static SandboxExit exitWith(AgentReport report) {
        return new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        List.of())
                .withReport(report);
    }

    private static String contentOf(LaunchRequest request) throws IOException {
        try (InputStream content = request.conversation().orElseThrow().content().open()) {
            return new String(content.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
