package dev.errand.internal.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.artifact.UploadItem;
import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import dev.errand.internal.wire.Requests.Outcome;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.LocalOnly;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.SetOutputRequest;
import dev.errand.run.StartRunRequest;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.task.CreateTaskRequest;
import dev.errand.task.UpdateTaskRequest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** Requests that are built by Java callers. */
class RequestsFromJavaTest {

    private static final UUID ID = UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10");

    @Test
    void aRequiredMemberMustNotBeNull() {
        assertThat(
                        Outcome.of(() -> new UploadItem(null, null, "", null, Optional.empty()))
                                .violations())
                .containsExactly(
                        Violation.of(ErrorCode.REQUIRED, "name"),
                        Violation.of(ErrorCode.REQUIRED, "type"),
                        Violation.of(ErrorCode.REQUIRED, "size"));
        assertThat(Outcome.of(() -> new AppendLogRequest(null)).violations())
                .containsExactly(Violation.of(ErrorCode.REQUIRED, "entries"));
        assertThat(
                        Outcome.of(() -> new AppendLogRequest(Collections.singletonList(null)))
                                .violations())
                .containsExactly(Violation.of(ErrorCode.REQUIRED, "entries__0"));
    }

    @Test
    void jsonNullIsNotAValue() {
        assertThat(Outcome.of(() -> new SetOutputRequest(JsonText.NULL)).violations())
                .containsExactly(Violation.of(ErrorCode.NULL, "output"));
        assertThat(Outcome.of(() -> new AppendLogRequest(List.of(JsonText.NULL))).violations())
                .containsExactly(Violation.of(ErrorCode.NULL, "entries__0"));
        assertThat(CreateTaskRequest.builder().jsonSchema(JsonText.NULL).build())
                .isEqualTo(CreateTaskRequest.builder().build());
        assertThat(UpdateTaskRequest.builder().jsonSchema(JsonText.NULL).build())
                .isEqualTo(UpdateTaskRequest.builder().clearJsonSchema().build());
    }

    @Test
    void rulesBetweenMembersApplyAsToJson() {
        Outcome outcome =
                Outcome.of(
                        () ->
                                RunTaskRequest.builder()
                                        .initialPermissionMode(PermissionMode.PLAN)
                                        .reasoningEffort(ReasoningEffort.HIGH)
                                        .build());
        assertThat(outcome.violations())
                .containsExactly(
                        Violation.of(
                                ErrorCode.INVALID_INPUT,
                                "initial_permission_mode",
                                "This field requires runtime_adapter to be set."),
                        Violation.of(
                                ErrorCode.INVALID_INPUT,
                                "runtime_adapter",
                                "This field is required when selecting a cloud runtime."),
                        Violation.of(
                                ErrorCode.INVALID_INPUT,
                                "model",
                                "This field is required when selecting a cloud runtime."));
        assertThat(outcome)
                .isEqualTo(
                        Requests.RUN_TASK.outcome(
                                Requests.tree(
                                        "{\"initial_permission_mode\": \"plan\", \"reasoning_effort\": \"high\"}")));
    }

    @Test
    void allViolationsAreReportedInDeclarationOrder() {
        Outcome outcome =
                Outcome.of(
                        () ->
                                UpdateRunRequest.builder()
                                        .stateRemoveKeys(List.of("a", "", "b", " "))
                                        .stage("x".repeat(101))
                                        .branch("")
                                        .build());
        assertThat(outcome.violations().stream().map(found -> found.attr().orElseThrow()))
                .containsExactly("branch", "stage", "state_remove_keys__1", "state_remove_keys__3");
    }

    @Test
    void toStringNeverContainsTheToken() {
        String secret = "ghp_do_not_show";
        assertThat(RunTaskRequest.builder().githubUserToken(secret).build().toString())
                .doesNotContain(secret);
        assertThat(CreateRunRequest.builder().githubUserToken(secret).build().toString())
                .doesNotContain(secret);
        assertThat(
                        RunTaskRequest.builder()
                                .githubUserToken(secret)
                                .build()
                                .githubUserSecret()
                                .orElseThrow()
                                .toString())
                .doesNotContain(secret);
    }

    @Test
    void clearingAMemberEqualsNullInJson() {
        assertThat(
                        UpdateRunRequest.builder()
                                .clearBranch()
                                .clearStage()
                                .clearOutput()
                                .clearErrorMessage()
                                .build())
                .isEqualTo(
                        Requests.UPDATE_RUN.read(
                                """
                                {"branch": null, "stage": null, "output": null, "error_message": null}
                                """));
        assertThat(
                        UpdateTaskRequest.builder()
                                .clearRepository()
                                .clearGithubIntegration()
                                .clearGithubUserIntegration()
                                .clearSignalReport()
                                .clearJsonSchema()
                                .clearCiPrompt()
                                .build())
                .isEqualTo(
                        Requests.UPDATE_TASK.read(
                                """
                                {"repository": null, "github_integration": null, "github_user_integration": null,
                                 "signal_report": null, "json_schema": null, "ci_prompt": null}
                                """));
    }

    @Test
    void everyMemberHasABuilderMethod() {
        assertThat(
                        CreateTaskRequest.builder()
                                .title("Cart crash")
                                .titleManuallySet(true)
                                .description("It crashes.")
                                .originProduct(OriginProduct.SIGNAL_REPORT)
                                .repository("acme/mobile")
                                .githubIntegration(12L)
                                .githubUserIntegration(ID)
                                .signalReport(
                                        UUID.fromString("6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34"))
                                .signalReportTaskRelationship(ReportRelationship.IMPLEMENTATION)
                                .jsonSchema(JsonText.of("true"))
                                .internal(false)
                                .ciPrompt("Fix CI.")
                                .build())
                .isEqualTo(valid(Requests.CREATE_TASK));
        assertThat(
                        UpdateTaskRequest.builder()
                                .title("Cart crash")
                                .titleManuallySet(true)
                                .description("It crashes.")
                                .originProduct(OriginProduct.SIGNAL_REPORT)
                                .repository("acme/mobile")
                                .githubIntegration(12L)
                                .githubUserIntegration(ID)
                                .signalReport(
                                        UUID.fromString("6f1c2b1e-3a54-4c0e-9a57-0c6f5b1d2e34"))
                                .signalReportTaskRelationship(ReportRelationship.IMPLEMENTATION)
                                .jsonSchema(JsonText.of("true"))
                                .internal(false)
                                .ciPrompt("Fix CI.")
                                .build())
                .isEqualTo(valid(Requests.UPDATE_TASK));
        assertThat(
                        RunTaskRequest.builder()
                                .mode(ExecutionMode.INTERACTIVE)
                                .branch("main")
                                .resumeFromRunId(
                                        UUID.fromString("0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46"))
                                .pendingUserMessage("See the spec.")
                                .pendingUserArtifactIds(List.of("a", "b"))
                                .sandboxEnvironmentId(ID)
                                .prAuthorshipMode(PrAuthorshipMode.USER)
                                .runSource(RunSource.MANUAL)
                                .signalReportId("r-1")
                                .runtimeAdapter(RuntimeAdapter.CLAUDE)
                                .model("claude-opus-4-6")
                                .reasoningEffort(ReasoningEffort.HIGH)
                                .githubUserToken("ghp_1")
                                .initialPermissionMode(PermissionMode.AUTO)
                                .build())
                .isEqualTo(valid(Requests.RUN_TASK));
        assertThat(
                        CreateRunRequest.builder()
                                .environment(RunEnvironment.CLOUD)
                                .mode(ExecutionMode.INTERACTIVE)
                                .branch("main")
                                .sandboxEnvironmentId(ID)
                                .prAuthorshipMode(PrAuthorshipMode.USER)
                                .runSource(RunSource.MANUAL)
                                .signalReportId("r-1")
                                .runtimeAdapter(RuntimeAdapter.CLAUDE)
                                .model("claude-opus-4-6")
                                .reasoningEffort(ReasoningEffort.HIGH)
                                .githubUserToken("ghp_1")
                                .initialPermissionMode(PermissionMode.AUTO)
                                .build())
                .isEqualTo(valid(Requests.CREATE_RUN));
        assertThat(
                        StartRunRequest.builder()
                                .pendingUserMessage("See the spec.")
                                .pendingUserArtifactIds(List.of("a", "b"))
                                .build())
                .isEqualTo(valid(Requests.START_RUN));
        assertThat(
                        UpdateRunRequest.builder()
                                .status(RunStatus.IN_PROGRESS)
                                .branch("fix/cart")
                                .stage("build")
                                .output(JsonText.of("{\"pr_url\":\"u\"}"))
                                .state(JsonText.of("{\"k\":1}"))
                                .stateRemoveKeys(List.of("a", "b"))
                                .errorMessage("none")
                                .environment(LocalOnly.LOCAL)
                                .build())
                .isEqualTo(valid(Requests.UPDATE_RUN));
        assertThat(new SetOutputRequest(JsonText.of("{\"pr_url\":\"u\"}")))
                .isEqualTo(valid(Requests.SET_OUTPUT));
        assertThat(
                        new AppendLogRequest(
                                List.of(
                                        JsonText.of("{\"a\":1}"),
                                        JsonText.of("{}"),
                                        JsonText.of("{\"b\":2}"))))
                .isEqualTo(valid(Requests.APPEND_LOG));
    }

    @Test
    void listsAreCopied() {
        List<JsonText> entries = new ArrayList<>(List.of(JsonText.of("{}")));
        AppendLogRequest log = new AppendLogRequest(entries);
        List<String> ids = new ArrayList<>(List.of("a"));
        StartRunRequest start = new StartRunRequest(Optional.empty(), ids);
        List<String> keys = new ArrayList<>(List.of("k"));
        UpdateRunRequest update = UpdateRunRequest.builder().stateRemoveKeys(keys).build();
        entries.clear();
        ids.clear();
        keys.clear();
        assertThat(log.entries()).hasSize(1);
        assertThat(start.pendingUserArtifactIds()).hasSize(1);
        assertThat(update.stateRemoveKeys().orElseThrow()).hasSize(1);
    }

    private static Record valid(Requests request) {
        return request.read(request.body().toString());
    }
}
