package dev.errand.internal.wire;

import static dev.errand.internal.wire.Requests.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import dev.errand.internal.wire.Requests.Outcome;
import dev.errand.request.Patch;
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
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A request that Java makes meets the same rules, with the same words, as one that comes as JSON.
 */
class RequestsFromJavaTest {

    private static final UUID ID = UUID.fromString("2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10");

    private static final List<String> TEXTS =
            List.of(
                    "",
                    " \t",
                    "text",
                    " text\u0085",
                    "organization/repository",
                    "\u0000",
                    "a\u0000b",
                    "\ud800",
                    "a\udfff",
                    "\ud83d\ude00",
                    "x".repeat(64),
                    "x".repeat(65),
                    "x".repeat(128),
                    "x".repeat(129),
                    "x".repeat(255),
                    "x".repeat(256),
                    "\u0000" + "x".repeat(600),
                    "o/" + "r".repeat(254),
                    "x".repeat(501));

    private static final List<String> JSON =
            List.of("{}", "{\"a\":1}", "[]", "\"x\"", "5", "1.5", "true", "null", "{\"type\":5}");

    @TestFactory
    Stream<DynamicNode> everyTextFromJavaIsAsFromJson() {
        return members(String.class)
                .map(
                        member ->
                                DynamicTest.dynamicTest(
                                        member.toString(),
                                        () ->
                                                TEXTS.forEach(
                                                        text ->
                                                                member.agrees(
                                                                        text,
                                                                        Requests.MAPPER
                                                                                .getNodeFactory()
                                                                                .textNode(text)))));
    }

    @TestFactory
    Stream<DynamicNode> everyOpaqueJsonFromJavaIsAsFromJson() {
        return members(JsonText.class)
                .map(
                        member ->
                                DynamicTest.dynamicTest(
                                        member.toString(),
                                        () ->
                                                JSON.forEach(
                                                        json ->
                                                                member.agrees(
                                                                        JsonText.of(json),
                                                                        Requests.tree(json)))));
    }

    @TestFactory
    Stream<DynamicNode> everyIntegerFromJavaIsAsFromJson() {
        return members(long.class)
                .map(
                        member ->
                                DynamicTest.dynamicTest(
                                        member.toString(),
                                        () ->
                                                List.of(0L, 1L, 31_457_280L, 31_457_281L, -1L)
                                                        .forEach(
                                                                size ->
                                                                        member.agrees(
                                                                                size,
                                                                                Requests.tree(
                                                                                        size
                                                                                                .toString())))));
    }

    @TestFactory
    Stream<DynamicNode> anEmptyListFromJavaIsAsFromJson() {
        return Arrays.stream(Requests.values())
                .flatMap(
                        request ->
                                Arrays.stream(request.type().getRecordComponents())
                                        .filter(component -> isList(component.getGenericType()))
                                        .map(component -> new Member(request, component)))
                .map(
                        member ->
                                DynamicTest.dynamicTest(
                                        member.toString(),
                                        () ->
                                                assertThat(member.fromJava(List.of()))
                                                        .isEqualTo(
                                                                member.fromJson(
                                                                        Requests.tree("[]")))));
    }

    @ParameterizedTest
    @EnumSource
    void noMemberMayBeNull(Requests request) {
        Record valid = request.read(request.body().toString());
        for (RecordComponent component : request.type().getRecordComponents()) {
            if (!component.getType().isPrimitive()) {
                assertThatNullPointerException()
                        .as(component.getName())
                        .isThrownBy(() -> request.with(valid, component, null));
            }
        }
    }

    @Test
    void rulesBetweenMembersAreTheSame() {
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
    void allThatIsWrongIsSaidInDeclaredOrder() {
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
    void theTokenOfTheCallerIsNeverShown() {
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
    void clearingFromJavaIsTheNullOfJson() {
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
    void everyMemberHasItsBuilderMethod() {
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
    void theListOfARequestIsItsOwn() {
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

    private static Stream<Member> members(Class<?> element) {
        return Arrays.stream(Requests.values())
                .flatMap(
                        request ->
                                Arrays.stream(request.type().getRecordComponents())
                                        .filter(
                                                component ->
                                                        element(component.getGenericType())
                                                                == element)
                                        .map(component -> new Member(request, component)));
    }

    /** What stands innermost: the type of a text in an optional list, for example. */
    private static Type element(Type type) {
        return type instanceof ParameterizedType container
                ? element(container.getActualTypeArguments()[0])
                : type;
    }

    private static boolean isList(Type type) {
        return type instanceof ParameterizedType container
                && (container.getRawType() == List.class
                        || isList(container.getActualTypeArguments()[0]));
    }

    /** One member of one request, which both sides can set. */
    private record Member(Requests request, RecordComponent component) {

        /** Sets the value, or the second item where the member is a list, from both sides. */
        void agrees(Object value, JsonNode json) {
            boolean isList = isList(component.getGenericType());
            Object first = value instanceof String ? "first" : JsonText.EMPTY_OBJECT;
            ArrayNode jsonList = Requests.MAPPER.createArrayNode();
            jsonList.add(
                    value instanceof String ? Requests.tree("\"first\"") : Requests.tree("{}"));
            jsonList.add(json);
            Outcome fromJava = fromJava(isList ? List.of(first, value) : value);
            assertThat(fromJava)
                    .as("%s from Java", json)
                    .isEqualTo(fromJson(isList ? jsonList : json));
        }

        Outcome fromJson(JsonNode json) {
            return request.outcome(set(request.body(), name(), json));
        }

        Outcome fromJava(Object value) {
            Class<?> type = component.getType();
            Object wrapped =
                    type == Optional.class
                            ? Optional.of(value)
                            : type == Patch.class ? Patch.set(value) : value;
            return Outcome.of(() -> request.with(valid(request), component, wrapped));
        }

        private String name() {
            int index = 0;
            for (RecordComponent one : request.type().getRecordComponents()) {
                if (one.getName().equals(component.getName())) {
                    break;
                }
                index++;
            }
            return request.members().get(index);
        }

        @Override
        public String toString() {
            return request + "." + name();
        }
    }
}
