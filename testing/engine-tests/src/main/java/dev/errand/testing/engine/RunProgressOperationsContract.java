package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.spi.JsonText;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.EndReason;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.StopReason;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Starting a run, its output and its log (docs/wire/starting-runs.md#i3, docs/wire/runs.md#i4,
 * docs/wire/logs.md#i5).
 */
public abstract class RunProgressOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    // --- start

    @Test
    void startQueuesARun() {
        RunId run = engine.notStartedRun(task);
        engine.clock().tick();

        JsonNode answer = rosa.startRun(task, run, "");

        assertThat(WireClient.latestRunId(answer)).isEqualTo(run);
        assertMembers(
                answer.get("latest_run"),
                "{\"status\":\"queued\",\"state\":{\"mode\":\"background\"}}");
        assertThat(rosa.getTask(task)).isEqualTo(answer);
        assertThat(engine.findEntry(task, run))
                .contains(QueueEntry.queued(engine.clock().instant()));
        assertThat(engine.claimAll()).extracting(it -> it.run().id()).containsExactly(run);
    }

    @Test
    void pendingInputIsStoredInTheState() {
        Artifact staged = engine.staged(task, "spec.pdf");
        RunId run = engine.notStartedRun(task);
        engine.change(task, run, edit -> edit.artifacts(List.of(staged)));

        JsonNode answer =
                rosa.startRun(
                        task,
                        run,
                        """
                        {"pending_user_message":" Fix it ",
                         "pending_user_artifact_ids":["%s","%s"]}"""
                                .formatted(staged.id(), staged.id()));

        assertMembers(
                answer.get("latest_run"),
                """
                {"state":{"mode":"background","pending_user_message":"Fix it",
                 "pending_user_artifact_ids":["%s"]}}"""
                        .formatted(staged.id()));
    }

    @Test
    void startReturnsTheLatestRunOfTheTask() {
        RunId run = engine.notStartedRun(task);
        RunId latest = engine.notStartedRun(task);

        assertThat(WireClient.latestRunId(rosa.startRun(task, run, "{}"))).isEqualTo(latest);
        assertThat(engine.stored(task, run).status()).isEqualTo(RunStatus.QUEUED);
    }

    @Test
    void startingAgainDoesNotQueueTwice() {
        RunId run = engine.notStartedRun(task);
        rosa.startRun(task, run, "{}");
        Run once = engine.stored(task, run);
        QueueEntry entry = engine.getEntry(task, run);
        engine.clock().tick();

        rosa.startRun(task, run, "{}");
        assertThat(engine.stored(task, run)).isEqualTo(once);

        rosa.startRun(task, run, "{\"pending_user_message\":\"Now\"}");
        assertThat(engine.findEntry(task, run)).contains(entry);
        assertMembers(
                rosa.getRun(task, run),
                "{\"state\":{\"mode\":\"background\",\"pending_user_message\":\"Now\"}}");
        assertThat(engine.claimAll()).hasSize(1);
        assertThat(engine.claimAll()).isEmpty();
    }

    @Test
    void aRunQueuedByRunTaskIsNotQueuedAgain() {
        RunId run = engine.queuedRun(task);
        Run before = engine.stored(task, run);

        rosa.startRun(task, run, "{}");

        assertThat(engine.stored(task, run)).isEqualTo(before);
    }

    @Test
    void aLocalRunCannotBeStarted() {
        RunId run = engine.notStartedRun(task, RunEnvironment.LOCAL);

        assertRejected(
                () -> rosa.startRun(task, run, "{\"pending_user_artifact_ids\":[\"a\"]}"),
                ErrorCode.NOT_STARTABLE,
                null,
                "Only cloud runs can be started via this endpoint");
    }

    @Test
    void aRunThatHasEndedCannotBeStarted() {
        RunId run = engine.runIn(task, RunStatus.COMPLETED);

        assertRejected(
                () -> rosa.startRun(task, run, "{}"),
                ErrorCode.NOT_STARTABLE,
                null,
                "Only queued or not_started cloud runs can be started (current status: completed)");
    }

    @Test
    void pendingArtifactsMustBeInTheManifest() {
        Artifact staged = engine.staged(task, "spec.pdf");
        Artifact notOnTheRun = engine.staged(task, "other.pdf");
        RunId run = engine.notStartedRun(task);
        engine.change(task, run, edit -> edit.artifacts(List.of(staged)));

        InvalidRequestException rejected =
                assertRejected(
                        () ->
                                rosa.startRun(
                                        task,
                                        run,
                                        """
                                        {"pending_user_message":"Hi","pending_user_artifact_ids":
                                         ["no id","%s","%s","no id"]}"""
                                                .formatted(staged.id(), notOnTheRun.id())),
                        ErrorCode.MISSING_ARTIFACTS,
                        "pending_user_artifact_ids",
                        "Some pending_user_artifact_ids are invalid for this run");

        assertThat(rejected.first().missingArtifactIds())
                .containsExactly("no id", notOnTheRun.id().value());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"pending_user_message": null}           | null          | pending_user_message         | This field may not be null.
                    """)
    void anInvalidStartHasNoEffect(String body, String code, String attr, String detail) {
        RunId run = engine.notStartedRun(task);

        assertRejected(() -> rosa.startRun(task, run, body), code(code), attr, detail);
    }

    // --- set output

    @ParameterizedTest
    @ValueSource(strings = {"{\"b\":2}", "[1,2]", "\"done\"", "0.10", "false", "{}", "\"\""})
    void setOutputReplacesTheOutput(String output) {
        RunId run = engine.queuedRun(task);
        rosa.updateRun(task, run, "{\"output\":{\"a\":1}}");

        JsonNode answer = rosa.setOutput(task, run, "{\"output\":" + output + "}");

        assertThat(answer.get("output")).isEqualTo(json(output));
        assertMembers(answer, "{\"status\":\"queued\",\"completed_at\":null}");
        assertThat(rosa.getRun(task, run)).isEqualTo(answer);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"output": null}  | null          | output | This field may not be null.
                    """)
    void anInvalidOutputRequestHasNoEffect(String body, String code, String attr, String detail) {
        RunId run = engine.queuedRun(task);

        assertRejected(() -> rosa.setOutput(task, run, body), code(code), attr, detail);
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"IN_PROGRESS", "FAILED"})
    void anOutputThatSatisfiesTheSchemaCompletesTheRun(RunStatus status) {
        TaskId strict = taskWithSchema();
        RunId run = engine.runIn(strict, status);
        Run before = engine.stored(strict, run);

        rosa.setOutput(strict, run, "{\"output\":{\"pr_url\":\"u\"}}");

        Run after = engine.stored(strict, run);
        assertThat(after.output()).contains(JsonText.of("{\"pr_url\":\"u\"}"));
        if (status.isTerminal()) {
            assertThat(after.status()).isEqualTo(status);
            assertThat(after.completedAt()).isEqualTo(before.completedAt());
        } else {
            assertThat(after.status()).isEqualTo(RunStatus.COMPLETED);
            assertThat(after.endReason()).contains(EndReason.OUTPUT_ACCEPTED);
            assertThat(after.completedAt()).contains(after.updatedAt());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"IN_PROGRESS", "FAILED"})
    void anOutputWithoutASchemaKeepsTheStatus(RunStatus status) {
        RunId run = engine.runIn(task, status);

        assertMembers(
                rosa.setOutput(task, run, "{\"output\":{\"pr_url\":\"u\"}}"),
                "{\"output\":{\"pr_url\":\"u\"},\"status\":\"" + status.wire() + "\"}");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"pr_url\":7}", "[]", "\"u\""})
    void anOutputThatViolatesTheSchemaIsRejected(String output) {
        TaskId strict = taskWithSchema();
        RunId run = engine.queuedRun(strict);
        String before = engine.snapshot();

        InvalidRequestException rejected =
                catchThrowableOfType(
                        InvalidRequestException.class,
                        () -> rosa.setOutput(strict, run, "{\"output\":" + output + "}"));

        assertThat(rejected.first().code()).isEqualTo(ErrorCode.OUTPUT_INVALID);
        assertThat(rejected.first().attr()).contains("output");
        assertThat(rejected.first().detail())
                .startsWith("Output validation error: ")
                .hasSizeGreaterThan(30);
        assertThat(engine.snapshot()).isEqualTo(before);
    }

    @Test
    void anAcceptedOutputStopsTheSandbox() {
        TaskId strict = taskWithSchema();
        RunId run = engine.queuedRun(strict);
        engine.launch(strict, run);

        rosa.setOutput(strict, run, "{\"output\":{\"pr_url\":\"u\"}}");

        assertThat(engine.getEntry(strict, run).stopReason()).contains(StopReason.ENDED);
    }

    @Test
    void settingTheSameOutputHasNoEffect() {
        TaskId strict = taskWithSchema();
        RunId run = engine.queuedRun(strict);
        rosa.setOutput(strict, run, "{\"output\":{\"pr_url\":\"u\"}}");
        Run once = engine.stored(strict, run);
        engine.clock().tick();

        rosa.setOutput(strict, run, "{\"output\":{\"pr_url\":\"u\"}}");

        assertThat(engine.stored(strict, run)).isEqualTo(once);
    }

    private TaskId taskWithSchema() {
        return engine.task(
                CreateTaskRequest.builder()
                        .jsonSchema(
                                JsonText.of(
                                        "{\"type\":\"object\",\"required\":[\"pr_url\"],"
                                                + "\"properties\":{\"pr_url\":{\"type\":\"string\"}}}"))
                        .build());
    }

    // --- append log

    @Test
    void logEntriesAreStoredInOrderAndUnchanged() {
        RunId run = engine.queuedRun(task);
        String first = "{\"type\":\"notification\",\"n\":1.50,\"deep\":{\"a\":[null,true]}}";
        String second = "{\"event\":{\"z\":1,\"a\":2}}";

        rosa.appendLog(task, run, "{\"entries\":[" + first + "," + second + "]}");
        rosa.appendLog(task, run, "{\"entries\":[{}]}");

        assertThat(log(run)).containsExactly(first, second, "{}");
        assertThat(engine.rosas().runs().readLog(task, run, 0, 10))
                .extracting(StoredLogEntry::position)
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @Test
    void aLogCanBeReadFromAnyPosition() {
        RunId run = engine.queuedRun(task);
        rosa.appendLog(task, run, "{\"entries\":[{\"n\":0},{\"n\":1},{\"n\":2},{\"n\":3}]}");

        List<StoredLogEntry> whole = engine.rosas().runs().readLog(task, run, 0, 10);

        for (int from = 0; from < 4; from++) {
            long after = from == 0 ? 0 : whole.get(from - 1).position();
            for (int max = 1; max < 5; max++) {
                assertThat(engine.rosas().runs().readLog(task, run, after, max))
                        .isEqualTo(whole.subList(from, Math.min(4, from + max)));
            }
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RunStatus.class,
            names = {"QUEUED", "COMPLETED"})
    void appendingDoesNotChangeTheRun(RunStatus status) {
        RunId run = engine.runIn(task, status);
        Run before = engine.stored(task, run);
        engine.clock().tick();

        JsonNode answer = rosa.appendLog(task, run, "{\"entries\":[{\"n\":1}]}");

        assertThat(answer).isEqualTo(rosa.getRun(task, run));
        assertThat(engine.stored(task, run)).isEqualTo(before);
        assertThat(log(run)).hasSize(1);
    }

    @Test
    void anEntryWithAKnownEventIdIsNotStoredAgain() {
        RunId run = engine.queuedRun(task);
        RunId sibling = engine.queuedRun(task);
        String batch = "{\"entries\":[{\"event_id\":\"a-1\",\"n\":1},{\"event_id\":\"a-2\"},{}]}";

        rosa.appendLog(task, run, batch);
        rosa.appendLog(task, run, batch);
        rosa.appendLog(
                task, run, "{\"entries\":[{\"event_id\":\"a-1\",\"n\":2},{\"event_id\":7}]}");
        rosa.appendLog(task, sibling, "{\"entries\":[{\"event_id\":\"a-1\"}]}");

        assertThat(log(run))
                .containsExactly(
                        "{\"event_id\":\"a-1\",\"n\":1}",
                        "{\"event_id\":\"a-2\"}",
                        "{}",
                        "{}",
                        "{\"event_id\":7}");
        assertThat(log(sibling)).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"entries": [{}, "text"]} | not_a_dict    | entries__1 | Expected a dictionary of items but got type "str".
                    """)
    void anInvalidAppendHasNoEffect(String body, String code, String attr, String detail) {
        RunId run = engine.queuedRun(task);

        assertRejected(() -> rosa.appendLog(task, run, body), code(code), attr, detail);
    }

    @Test
    void theNumberOfEntriesPerRequestIsLimited() {
        configure(EngineOptions.DEFAULT.withLimits(100, 2));
        RunId run = engine.queuedRun(task);

        rosa.appendLog(task, run, "{\"entries\":[{},{}]}");
        assertRejected(
                () -> rosa.appendLog(task, run, "{\"entries\":[{},{},{}]}"),
                ErrorCode.MAX_LENGTH,
                "entries",
                "Ensure this field has no more than 2 elements.");
        assertThat(log(run)).hasSize(2);
    }

    private List<String> log(RunId run) {
        return engine.backend().log().read(ACME, run, LogFilter.ALL, 0, 1_000).stream()
                .map(line -> line.json().text())
                .toList();
    }
}
