package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static dev.errand.testing.engine.WireJson.names;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.access.Caller;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recording a run without starting it (docs/wire/starting-runs.md#d10,
 * docs/wire/compatibility.md#k1).
 */
public abstract class RunCreationOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    @Test
    void createReturnsTheDocumentedRun() {
        engine.clock().set(Instant.parse("2026-05-07T10:00:00Z"));

        JsonNode run =
                rosa.createRun(
                        task,
                        """
                        {"environment": "cloud", "mode": "interactive", "branch": "release/2.1",
                         "runtime_adapter": "claude", "model": "claude-opus-4-6",
                         "reasoning_effort": "max", "initial_permission_mode": "plan",
                         "run_source": "manual"}""");

        assertThat(run)
                .hasToString(
                        json("""
                                        {"id":"%s","task":"%s","stage":null,
                                         "branch":"release/2.1","status":"not_started",
                                         "environment":"cloud","runtime_adapter":"claude",
                                         "provider":"anthropic","model":"claude-opus-4-6",
                                         "reasoning_effort":"max",
                                         "log_url":"https://logs.example/%s","error_message":null,
                                         "output":null,
                                         "state":{"mode":"interactive",
                                          "initial_permission_mode":"plan",
                                          "pr_base_branch":"release/2.1","run_source":"manual",
                                          "runtime_adapter":"claude","provider":"anthropic",
                                          "model":"claude-opus-4-6","reasoning_effort":"max"},
                                         "artifacts":[],"created_at":"2026-05-07T10:00:00Z",
                                         "updated_at":"2026-05-07T10:00:00Z","completed_at":null}"""
                                        .formatted(
                                                WireClient.runId(run), task, WireClient.runId(run)))
                                .toString());
        assertThat(rosa.getRun(task, WireClient.runId(run))).isEqualTo(run);
        assertThat(rosa.getTask(task).get("latest_run")).isEqualTo(run);
    }

    @Test
    void allMembersAreOptional() {
        assertMembers(
                rosa.createRun(task, ""),
                """
                {"stage":null,"branch":null,"status":"not_started","environment":"local",
                 "runtime_adapter":null,"provider":null,"model":null,"reasoning_effort":null,
                 "error_message":null,"output":null,"state":{"mode":"background"},"artifacts":[],
                 "completed_at":null}""");
    }

    @Test
    void stateKeysHaveTheDocumentedOrder() {
        JsonNode state =
                rosa.createRun(
                                task,
                                """
                                {"initial_permission_mode":"full-access","model":"gpt-5.4",
                                 "reasoning_effort":"low","runtime_adapter":"codex",
                                 "signal_report_id":"r-1","run_source":"signal_report",
                                 "pr_authorship_mode":"bot","branch":"main",
                                 "sandbox_environment_id":"%s"}"""
                                        .formatted(TestEngine.SHARED_ENVIRONMENT))
                        .get("state");

        assertThat(names(state))
                .containsExactly(
                        "mode",
                        "initial_permission_mode",
                        "pr_base_branch",
                        "pr_authorship_mode",
                        "run_source",
                        "signal_report_id",
                        "runtime_adapter",
                        "provider",
                        "model",
                        "reasoning_effort",
                        "sandbox_environment_id");
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "cloud"})
    void aCreatedRunIsNotQueued(String environment) {
        rosa.createRun(task, "{\"environment\":\"" + environment + "\"}");

        assertThat(engine.claimAll()).isEmpty();
    }

    @Test
    void membersOfRunTaskAreIgnored() {
        JsonNode run =
                rosa.createRun(
                        task,
                        """
                        {"resume_from_run_id":"%s","pending_user_message":7,
                         "pending_user_artifact_ids":["nothing"]}"""
                                .formatted(UNKNOWN));

        assertMembers(run, "{\"state\":{\"mode\":\"background\"},\"artifacts\":[]}");
    }

    @Test
    void theInitialStatusQueuedDoesNotQueueTheRun() {
        configure(EngineOptions.DEFAULT.withInitialStatus(RunStatus.QUEUED));

        JsonNode run = rosa.createRun(task, "{\"environment\":\"cloud\"}");

        assertMembers(run, "{\"status\":\"queued\"}");
        assertThat(engine.findEntry(task, WireClient.runId(run))).isEmpty();
        assertThat(engine.claimAll()).isEmpty();
        rosa.startRun(task, WireClient.runId(run), "{}");
        assertThat(engine.claimAll()).hasSize(1);
    }

    @Test
    void anInvalidRequestCreatesNoRun() {
        assertRejected(
                () -> rosa.createRun(task, "{\"environment\": \"moon\"}"),
                ErrorCode.INVALID_CHOICE,
                "environment",
                "\"moon\" is not a valid choice.");
    }

    @Test
    void theRequestIsCheckedBeforeTheTask() {
        TaskId missing = TaskId.of(UNKNOWN);

        assertRejected(
                () -> rosa.createRun(missing, "{\"branch\":\"\"}"), ErrorCode.BLANK, "branch");
        assertTaskNotFound(
                () -> rosa.createRun(missing, "{\"sandbox_environment_id\":\"" + UNKNOWN + "\"}"));
    }

    @Test
    void aTaskOfAnotherProjectIsNotFound() {
        TaskId others = WireClient.taskId(new WireClient(engine.others()).createTask("{}"));

        assertTaskNotFound(() -> rosa.createRun(others, "{}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "cloud"})
    void onlyAccessibleEnvironmentsAreAccepted(String environment) {
        TaskId unowned =
                engine.as(Caller.host())
                        .tasks()
                        .create(CreateTaskRequest.builder().build())
                        .task()
                        .id();

        rosa.createRun(task, body(environment, TestEngine.ROSAS_ENVIRONMENT));
        rosa.createRun(unowned, body(environment, TestEngine.SHARED_ENVIRONMENT));
        assertRejected(
                () -> rosa.createRun(unowned, body(environment, TestEngine.ROSAS_ENVIRONMENT)),
                ErrorCode.INVALID_SANDBOX_ENVIRONMENT,
                "sandbox_environment_id");
        assertRejected(
                () -> rosa.createRun(task, body(environment, TestEngine.OTHER_ENVIRONMENT)),
                ErrorCode.INVALID_SANDBOX_ENVIRONMENT,
                "sandbox_environment_id");
    }

    @Test
    void authorshipIsCheckedBeforeTheEnvironment() {
        TaskId withRepository =
                engine.task(CreateTaskRequest.builder().repository("acme/mobile").build());

        assertRejected(
                () ->
                        rosa.createRun(
                                withRepository,
                                """
                                {"environment":"cloud","pr_authorship_mode":"user",
                                 "sandbox_environment_id":"%s"}"""
                                        .formatted(UNKNOWN)),
                ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                "pr_authorship_mode",
                "github_user_token is required for user-authored cloud runs");
    }

    private static String body(String environment, UUID sandboxEnvironment) {
        return "{\"environment\":\"%s\",\"sandbox_environment_id\":\"%s\"}"
                .formatted(environment, sandboxEnvironment);
    }
}
