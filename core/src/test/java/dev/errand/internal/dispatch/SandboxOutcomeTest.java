package dev.errand.internal.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.dispatch.DispatchTimeouts;
import dev.errand.internal.json.JsonObject;
import dev.errand.spi.JsonText;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.ArtifactType;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.sandbox.AgentReport;
import dev.errand.spi.sandbox.SandboxExit;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.task.TaskId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How a run ends when its sandbox has ended. */
class SandboxOutcomeTest {

    private static final Instant START = Instant.parse("2026-05-07T09:30:00Z");
    private static final Instant END = START.plusSeconds(60);
    private static final DispatchTimeouts LIMITS =
            DispatchTimeouts.DEFAULT.withInactivity(Duration.ofMinutes(20));
    private static final Optional<JsonText> ANYTHING = Optional.empty();
    private static final Optional<JsonText> AN_OBJECT =
            Optional.of(JsonText.of("{\"type\":\"object\"}"));

    private static final QueueEntry LAUNCHED =
            QueueEntry.queued(START).launched("sandbox-1", START);

    @Test
    void exitCodeZeroCompletesTheRun() {
        assertEnded(exited(active(), exit(0), ANYTHING), RunStatus.COMPLETED, "");
    }

    @Test
    void anotherExitCodeFailsTheRunWithTheEndOfItsOutput() {
        assertEnded(
                exited(active(), exit(3), ANYTHING), RunStatus.FAILED, "Agent exited with code 3.");
        assertEnded(
                exited(active(), printed(3, "one", "two\u0007"), ANYTHING),
                RunStatus.FAILED,
                "Agent exited with code 3. Last output:\none\ntwo\ufffd");
        assertEnded(
                exited(active(), problem(3, "disk full\u0007"), ANYTHING),
                RunStatus.FAILED,
                "Agent exited with code 3: disk full\ufffd.");
    }

    @Test
    void theEndOfLongOutputIsKept() {
        String heading = " Last output:\n";
        String problem = "p".repeat(2_000);
        String message = "Agent exited with code 1: " + problem + ".";
        int room = 4_000 - message.length() - heading.length();
        String fits = "x".repeat(room);
        String tooLong = "0" + "x".repeat(room);

        assertThat(messageOf(problem, fits)).isEqualTo(message + heading + fits).hasSize(4_000);
        assertThat(messageOf(problem, tooLong))
                .isEqualTo(message + heading + "..." + "x".repeat(room - 3))
                .hasSize(4_000);
    }

    private static String messageOf(String problem, String printed) {
        SandboxExit exit =
                new SandboxExit(
                        1,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(problem),
                        List.of(),
                        List.of(printed));
        return exited(active(), exit, ANYTHING).run().errorMessage().orElseThrow();
    }

    @Test
    void aProblemOfTheResultFailsTheRun() {
        assertEnded(
                exited(active(), problem(0, "the output is a link\u0007"), ANYTHING),
                RunStatus.FAILED,
                "the output is a link\ufffd");
    }

    @Test
    void aNoteDoesNotFailTheRun() {
        SandboxExit exit =
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("artifacts/x is a link"),
                        List.of(),
                        List.of());

        assertEnded(exited(active(), exit, ANYTHING), RunStatus.COMPLETED, "");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                // reported by the agent | left by it | added by the launcher | output of the run
                "none        | none        | none           | none",
                "none        | none        | {\"b\":2}        | {\"b\":2}",
                "{\"a\":1}     | none        | {\"b\":2}        | {\"b\":2,\"a\":1}",
                "none        | {\"a\":1}     | {\"a\":3,\"b\":2} | {\"a\":1,\"b\":2}",
                "{\"a\":1}     | {\"c\":4}     | {\"a\":3}        | {\"a\":1,\"c\":4}",
                "none        | [1]         | {\"b\":2}        | [1]",
            })
    void membersOfTheLauncherDoNotReplaceThoseOfTheAgent(
            String reported, String left, String added, String expected) {
        StoredRun run =
                active().withRun(
                                active().run().change(START).output(json(reported)).build(),
                                entry -> entry);
        SandboxExit exit =
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.ofNullable(left),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        AgentReport.NONE,
                        json(added));

        assertThat(exited(run, exit, ANYTHING).run().output()).isEqualTo(json(expected));
    }

    @Test
    void membersOfTheLauncherAreNotValidated() {
        SandboxExit exit =
                new SandboxExit(
                        0,
                        Optional.empty(),
                        Optional.of("{\"a\":1}"),
                        Optional.empty(),
                        List.of(),
                        List.of(),
                        List.of(),
                        AgentReport.NONE,
                        json("{\"b\":2}"));

        assertEnded(exited(active(), exit, json("{\"maxProperties\":1}")), RunStatus.COMPLETED, "");
    }

    private static Optional<JsonText> json(String text) {
        return Optional.ofNullable(text).map(JsonText::of);
    }

    @Test
    void theReportOfTheAgentBecomesPartOfTheState() {
        AgentReport report =
                new AgentReport(
                        Optional.of(JsonText.of("{\"turns\":1}")),
                        Optional.of("s-1"),
                        Optional.empty());

        StoredRun after = exited(active(), exit(0).withReport(report), ANYTHING);

        assertEnded(after, RunStatus.COMPLETED, "");
        JsonObject state = JsonObject.parse(after.run().state());
        assertThat(state.member("token_usage")).contains(JsonText.of("{\"turns\":1}"));
        assertThat(state.text("agent_session_id")).contains("s-1");
        assertThat(state.members()).containsAllEntriesOf(before(active()));
    }

    private static Map<String, JsonText> before(StoredRun stored) {
        return JsonObject.parse(stored.run().state()).members();
    }

    @Test
    void aFailureThatTheAgentReportsFailsTheRunWithItsWords() {
        String words = "not authenticated: no key\u0007";

        assertEnded(
                exited(active(), exit(0).withReport(failed(words)), ANYTHING),
                RunStatus.FAILED,
                "Agent failed: not authenticated: no key\ufffd");
        assertEnded(
                exited(active(), problem(1, "disk full").withReport(failed(words)), ANYTHING),
                RunStatus.FAILED,
                "Agent exited with code 1: disk full.");
    }

    private static AgentReport failed(String words) {
        return new AgentReport(Optional.empty(), Optional.empty(), Optional.of(words));
    }

    @Test
    void outputThatIsNotJsonFailsTheRun() {
        StoredRun after = exited(active(), left("{\"a\":"), ANYTHING);

        assertEnded(after, RunStatus.FAILED, "The agent's output is not JSON.");
        assertThat(after.run().output()).isEmpty();
    }

    @Test
    void outputIsValidatedAgainstTheSchemaOfTheTask() {
        assertEnded(exited(active(), left("{}"), AN_OBJECT), RunStatus.COMPLETED, "");
        assertEnded(
                exited(active(), exit(0), AN_OBJECT),
                RunStatus.FAILED,
                "Output validation error: the agent left no output.");
        Run refused = exited(active(), left("[1]"), AN_OBJECT).run();
        assertThat(refused.status()).isEqualTo(RunStatus.FAILED);
        assertThat(refused.errorMessage().orElseThrow())
                .startsWith("Output validation error: ")
                .contains("array");
        assertThat(refused.output()).hasValue(JsonText.of("[1]"));
    }

    @Test
    void outputIsMergedIntoTheOutputOfTheRun() {
        StoredRun reported = changed(edit -> edit.output(Optional.of(JsonText.of("{\"a\":1}"))));

        assertThat(exited(reported, left("{\"b\":2}"), ANYTHING).run().output())
                .hasValue(JsonText.of("{\"a\":1,\"b\":2}"));
    }

    @Test
    void repeatedArtifactsAreAddedOnce() {
        StoredRun known = changed(edit -> edit.artifacts(List.of(artifact(1))));

        StoredRun after =
                SandboxOutcome.exited(
                        known, END, exit(0), List.of(artifact(1), artifact(2)), ANYTHING, LIMITS);

        assertThat(after.run().artifacts()).containsExactly(artifact(1), artifact(2));
    }

    @Test
    void aRunThatEndedBeforeKeepsItsStatusAndTheOutputOfTheSandbox() {
        StoredRun ended = changed(edit -> edit.endedWith(RunStatus.CANCELLED, EndReason.REPORTED));

        StoredRun after = exited(ended, left("{\"b\":2}"), ANYTHING);

        assertThat(after.run().status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(after.run().endReason()).hasValue(EndReason.REPORTED);
        assertThat(after.run().output()).hasValue(JsonText.of("{\"b\":2}"));
        assertThat(after.entry()).isEmpty();
        StoredRun gone = SandboxOutcome.gone(ended, END, LIMITS);
        assertThat(gone.run().endReason()).hasValue(EndReason.REPORTED);
        assertThat(gone.entry()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "CANCELLED,    CANCELLED, CANCELLED,    ''",
        "TASK_DELETED, CANCELLED, TASK_DELETED, ''",
        "TIME_LIMIT,   FAILED,    TIME_LIMIT,   Agent was stopped at its time limit.",
        "INACTIVITY,   FAILED,    INACTIVITY,"
                + " Agent was stopped because it was inactive for 20 minutes."
    })
    void theStopReasonDecidesHowTheRunEnds(
            StopReason cause, RunStatus status, EndReason reason, String message) {
        StoredRun asked = active(LAUNCHED.stopping(cause, START));
        StoredRun byItself = exited(active(), exitAfterStop(cause), ANYTHING);
        StoredRun unconfirmed = SandboxOutcome.unconfirmed(asked, END, LIMITS);

        for (StoredRun after :
                List.of(
                        exited(asked, exit(143), ANYTHING),
                        SandboxOutcome.gone(asked, END, LIMITS),
                        byItself)) {
            assertEnded(after, status, message);
            assertThat(after.run().endReason()).hasValue(reason);
        }
        assertThat(unconfirmed.run().status()).isEqualTo(status);
        assertThat(unconfirmed.run().endReason()).hasValue(reason);
        assertThat(unconfirmed.entry()).isEqualTo(asked.entry());
        assertThat(unconfirmed.run().errorMessage().orElse(""))
                .isEqualTo(message.isEmpty() ? "" : message + " Its stop was not confirmed.");
    }

    @ParameterizedTest
    @EnumSource(names = {"HANDOFF", "ENDED"})
    void aHandoffDoesNotChangeTheStatus(StopReason cause) {
        StoredRun asked = active(LAUNCHED.stopping(cause, START));

        StoredRun after = exited(asked, exit(143), ANYTHING);

        assertThat(after.run().status()).isEqualTo(RunStatus.IN_PROGRESS);
        assertThat(after.entry()).isEmpty();
    }

    @Test
    void aLostSandboxFailsTheRun() {
        StoredRun after = SandboxOutcome.gone(active(), END, LIMITS);

        assertEnded(
                after, RunStatus.FAILED, "The sandbox was lost before the agent came to an end.");
        assertThat(after.run().endReason()).hasValue(EndReason.SANDBOX_LOST);
    }

    @Test
    void anUnconfirmedStopChangesOnlyActiveRunsThatAreStopping() {
        StoredRun ended = changed(edit -> edit.endedWith(RunStatus.COMPLETED, EndReason.REPORTED));
        StoredRun stopping =
                ended.withRun(ended.run(), entry -> entry.stopping(StopReason.CANCELLED, START));
        StoredRun goesOn = active();

        assertThat(SandboxOutcome.unconfirmed(stopping, END, LIMITS)).isSameAs(stopping);
        assertThat(SandboxOutcome.unconfirmed(goesOn, END, LIMITS)).isSameAs(goesOn);
    }

    private static void assertEnded(StoredRun after, RunStatus status, String message) {
        assertThat(after.run().status()).isEqualTo(status);
        assertThat(after.run().errorMessage().orElse("")).isEqualTo(message);
        assertThat(after.run().completedAt()).isPresent();
        assertThat(after.entry()).isEmpty();
    }

    private static StoredRun exited(StoredRun run, SandboxExit exit, Optional<JsonText> schema) {
        return SandboxOutcome.exited(run, END, exit, List.of(), schema, LIMITS);
    }

    private static SandboxExit exit(int code) {
        return printed(code);
    }

    private static SandboxExit printed(int code, String... lines) {
        return new SandboxExit(
                code,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                List.of(lines));
    }

    private static SandboxExit problem(int code, String problem) {
        return new SandboxExit(
                code,
                Optional.empty(),
                Optional.empty(),
                Optional.of(problem),
                List.of(),
                List.of());
    }

    private static SandboxExit left(String output) {
        return new SandboxExit(
                0, Optional.empty(), Optional.of(output), Optional.empty(), List.of(), List.of());
    }

    private static SandboxExit exitAfterStop(StopReason cause) {
        return new SandboxExit(
                143, Optional.of(cause), Optional.empty(), Optional.empty(), List.of(), List.of());
    }

    private static Artifact artifact(int number) {
        return new Artifact(
                ArtifactId.of(new UUID(3, number)),
                "report.md",
                ArtifactType.OUTPUT,
                "agent",
                7,
                "text/markdown",
                "key/" + number,
                START,
                Optional.empty());
    }

    private static StoredRun active() {
        return active(LAUNCHED);
    }

    private static StoredRun changed(UnaryOperator<Run.Builder> change) {
        StoredRun before = active();
        return before.withRun(change.apply(before.run().change(START)).build());
    }

    private static StoredRun active(QueueEntry entry) {
        Run run =
                new Run(
                        ProjectId.of(7),
                        TaskId.of(new UUID(1, 1)),
                        RunId.of(new UUID(2, 1)),
                        3,
                        RunStatus.IN_PROGRESS,
                        RunEnvironment.CLOUD,
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        JsonText.of("{}"),
                        List.of(),
                        1,
                        Optional.empty(),
                        START,
                        START,
                        Optional.empty());
        return new StoredRun(run, Optional.of(entry));
    }
}
