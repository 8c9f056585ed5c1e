package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.ErrorCode;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.project.SandboxEnvironment;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Resuming runs: the members that a run inherits from the resumed run
 * (docs/wire/starting-runs.md#e5).
 */
public abstract class ResumeOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"branch": "main"}                     | {"pr_base_branch": "main"}
                    {"sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e007a"} | {"sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e007a"}
                    {"pr_authorship_mode": "bot"}          | {"pr_authorship_mode": "bot"}
                    {"pr_authorship_mode": "user"}         | {"pr_authorship_mode": "user"}
                    {"run_source": "signal_report"}        | {"run_source": "signal_report"}
                    {"signal_report_id": "r-1"}            | {"signal_report_id": "r-1"}
                    {"runtime_adapter": "codex", "model": "gpt-5.4"} | {"runtime_adapter": "codex", "provider": "openai", "model": "gpt-5.4"}
                    {"runtime_adapter": "claude", "model": "claude-opus-4-6", "reasoning_effort": "max"} | {"runtime_adapter": "claude", "provider": "anthropic", "model": "claude-opus-4-6", "reasoning_effort": "max"}
                    {}                                     | {}
                    """)
    void omittedMembersAreInherited(String before, String taken) {
        RunId earlier = WireClient.latestRunId(rosa.runTask(task, before));

        JsonNode resumed = resume(earlier, "{}");

        assertThat(resumed.get("state")).isEqualTo(state(taken, earlier));
        assertThat(resumed.get("branch")).isEqualTo(branch(json(taken)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    {"branch": "next"}                     | {"pr_base_branch": "next"}
                    {"sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e007b"} | {"sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e007b"}
                    {"pr_authorship_mode": "user"}         | {"pr_authorship_mode": "user"}
                    {"run_source": "manual"}               | {"run_source": "manual"}
                    {"signal_report_id": "r-2"}            | {"signal_report_id": "r-2"}
                    {"runtime_adapter": "codex", "model": "gpt-5.4"} | {"runtime_adapter": "codex", "provider": "openai", "model": "gpt-5.4"}
                    {"runtime_adapter": "claude", "model": "claude-opus-4-5", "reasoning_effort": "low"} | {"model": "claude-opus-4-5", "reasoning_effort": "low"}
                    """)
    void givenMembersAreNotInherited(String said, String stored) {
        String before =
                """
                {"pr_base_branch":"main","pr_authorship_mode":"bot","run_source":"signal_report",
                 "signal_report_id":"r-1","runtime_adapter":"claude","provider":"anthropic",
                 "model":"claude-opus-4-6","reasoning_effort":"high",
                 "sandbox_environment_id":"%s"}"""
                        .formatted(TestEngine.SHARED_ENVIRONMENT);
        RunId earlier = engine.recordedRun(task);
        engine.changeState(task, earlier, before);

        JsonNode resumed = resume(earlier, said);

        ObjectNode expected = (ObjectNode) json(before);
        expected.setAll((ObjectNode) json(stored));
        assertThat(resumed.get("state")).isEqualTo(state(expected.toString(), earlier));
        assertThat(resumed.get("branch")).isEqualTo(branch(expected));
    }

    @Test
    void theSandboxSnapshotIsInherited() {
        RunId earlier = engine.recordedRun(task);
        engine.changeState(task, earlier, "{\"snapshot_external_id\":\"snap-1\"}");

        assertThat(resume(earlier, "{}").get("state"))
                .isEqualTo(state("{\"snapshot_external_id\":\"snap-1\"}", earlier));
    }

    @Test
    void membersOfTheEarlierRunAloneAreNotInherited() {
        Artifact staged = engine.staged(task, "spec.pdf");
        RunId earlier =
                WireClient.latestRunId(
                        rosa.runTask(
                                task,
                                """
                                {"mode":"interactive","pending_user_message":"Hi",
                                 "pending_user_artifact_ids":["%s"],"runtime_adapter":"codex",
                                 "model":"gpt-5.4","initial_permission_mode":"read-only"}"""
                                        .formatted(staged.id())));
        rosa.updateRun(
                task,
                earlier,
                """
                {"status":"failed","stage":"build","branch":"agents/own","output":{"pr_url":"u"},
                 "error_message":"Broken","state":{"token_usage":{"turns":3}}}""");

        JsonNode resumed = resume(earlier, "{}");

        assertThat(resumed.get("state"))
                .isEqualTo(
                        state(
                                """
                                {"runtime_adapter":"codex","provider":"openai",
                                 "model":"gpt-5.4"}""",
                                earlier));
        assertMembers(
                resumed,
                """
                {"stage":null,"branch":null,"status":"queued","output":null,"artifacts":[],
                 "error_message":null,"completed_at":null}""");
    }

    @Test
    void theProviderIsDerivedAndNeverCopied() {
        RunId earlier = engine.recordedRun(task);
        engine.changeState(
                task,
                earlier,
                """
                {"runtime_adapter":"claude","provider":"openai","model":"claude-opus-4-6"}""");

        assertMembers(resume(earlier, "{}"), "{\"provider\":\"anthropic\"}");
    }

    @ParameterizedTest
    @EnumSource(RunStatus.class)
    void aRunCanBeResumedInAnyStatus(RunStatus status) {
        RunId earlier = engine.runIn(task, status);
        Run before = engine.stored(task, earlier);

        resume(earlier, "{}");

        assertThat(engine.stored(task, earlier)).isEqualTo(before);
    }

    @Test
    void aResumedRunNamesItsPredecessor() {
        RunId first = WireClient.latestRunId(rosa.runTask(task, "{\"branch\":\"main\"}"));
        RunId second = WireClient.runId(resume(first, "{}"));

        assertThat(resume(second, "{}").get("state"))
                .isEqualTo(state("{\"pr_base_branch\":\"main\"}", second));
    }

    // --- rejections

    @Test
    void onlyARunOfTheSameTaskCanBeResumed() {
        RunId ofAnotherTask = engine.queuedRun(engine.task());
        WireClient others = new WireClient(engine.others());
        RunId ofAnotherProject =
                WireClient.latestRunId(
                        others.runTask(WireClient.taskId(others.createTask("{}")), "{}"));

        for (Object run : List.of(UNKNOWN, ofAnotherTask, ofAnotherProject)) {
            assertRejected(
                    () -> rosa.runTask(task, "{\"resume_from_run_id\":\"" + run + "\"}"),
                    ErrorCode.INVALID_RESUME_RUN,
                    "resume_from_run_id",
                    "Invalid resume_from_run_id");
        }
    }

    @Test
    void anInheritedEffortIsCheckedAgainstTheNewModel() {
        RunId earlier =
                WireClient.latestRunId(
                        rosa.runTask(
                                task,
                                """
                                {"runtime_adapter":"claude","model":"claude-opus-4-6",
                                 "reasoning_effort":"max"}"""));

        assertRejected(
                () -> resume(earlier, "{\"runtime_adapter\":\"codex\",\"model\":\"gpt-5.4\"}"),
                ErrorCode.INVALID_INPUT,
                "reasoning_effort",
                "Reasoning effort 'max' is not supported for runtime_adapter 'codex' and model"
                        + " 'gpt-5.4'. Supported values: low, medium, high.");
    }

    @Test
    void anInheritedEffortThatIsNoLongerSupportedIsRejected() {
        RunId earlier = engine.recordedRun(task);
        engine.changeState(
                task,
                earlier,
                """
                {"runtime_adapter":"claude","model":"claude-haiku-4-5",
                 "reasoning_effort":"low"}""");

        assertRejected(
                () -> resume(earlier, "{}"),
                ErrorCode.INVALID_INPUT,
                "reasoning_effort",
                "Reasoning effort 'low' is not supported for runtime_adapter 'claude' and model"
                        + " 'claude-haiku-4-5'. Supported values: none.");
    }

    @Test
    void anInheritedAdapterDoesNotSatisfyAPermissionMode() {
        RunId earlier =
                WireClient.latestRunId(
                        rosa.runTask(
                                task, "{\"runtime_adapter\":\"codex\",\"model\":\"gpt-5.4\"}"));

        assertRejected(
                () -> resume(earlier, "{\"initial_permission_mode\":\"auto\"}"),
                ErrorCode.INVALID_INPUT,
                "initial_permission_mode",
                "This field requires runtime_adapter to be set.");
    }

    @Test
    void anInheritedEnvironmentThatIsClosedIsDropped() {
        RunId earlier =
                WireClient.latestRunId(
                        rosa.runTask(
                                task,
                                "{\"sandbox_environment_id\":\""
                                        + TestEngine.SHARED_ENVIRONMENT
                                        + "\"}"));
        engine.directory()
                .addSandboxEnvironment(
                        TestEngine.ACME,
                        new SandboxEnvironment(
                                TestEngine.SHARED_ENVIRONMENT,
                                true,
                                Optional.of(TestEngine.OMAR),
                                Optional.empty()));

        assertThat(resume(earlier, "{}").get("state")).isEqualTo(state("{}", earlier));
        assertRejected(
                () ->
                        resume(
                                earlier,
                                "{\"sandbox_environment_id\":\""
                                        + TestEngine.SHARED_ENVIRONMENT
                                        + "\"}"),
                ErrorCode.INVALID_SANDBOX_ENVIRONMENT,
                "sandbox_environment_id");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"runtime_adapter\":7,\"model\":[],\"reasoning_effort\":\"most\"}",
                "{\"pr_authorship_mode\":\"team\",\"run_source\":null,\"signal_report_id\":{}}",
                "{\"sandbox_environment_id\":\"x\",\"pr_base_branch\":3,\"mode\":\"idle\"}"
            })
    void malformedStoredStateIsIgnored(String stored) {
        RunId earlier = engine.recordedRun(task);
        engine.changeState(task, earlier, stored);

        assertThat(resume(earlier, "{}").get("state")).isEqualTo(state("{}", earlier));
    }

    private JsonNode resume(RunId earlier, String body) {
        engine.clock().tick();
        ObjectNode request = (ObjectNode) json(body);
        request.put("resume_from_run_id", earlier.toString());
        return rosa.runTask(task, request.toString()).get("latest_run");
    }

    /** Returns the state of a run that inherited exactly these members. */
    private static JsonNode state(String taken, RunId earlier) {
        ObjectNode state = WireJson.object();
        state.put("mode", "background").setAll((ObjectNode) json(taken));
        return state.put("resume_from_run_id", earlier.toString());
    }

    private static JsonNode branch(JsonNode state) {
        return Optional.ofNullable(state.get("pr_base_branch")).orElse(json("null"));
    }
}
