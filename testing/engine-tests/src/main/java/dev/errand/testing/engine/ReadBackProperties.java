package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.run.StateKey;
import dev.errand.run.UpdateRunRequest;
import dev.errand.spi.PageRequest;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.PermissionMode;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RunEnvironment;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunSource;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.run.RuntimeAdapter;
import dev.errand.spi.task.OriginProduct;
import dev.errand.spi.task.ReportRelationship;
import dev.errand.spi.task.TaskId;
import dev.errand.testing.engine.SampleRequest.Declaration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * Random requests: an accepted request is read back as it was sent, apart from the documented
 * normalisation. A rejected request names one of its members and changes nothing
 * (docs/invariants.md#i10).
 */
public abstract class ReadBackProperties extends EngineProperties {

    private static final int TRIES = 200;
    private static final int UNLIMITED = Integer.MAX_VALUE;

    /** Members to omit from a run request so that it satisfies the rules between members. */
    private static final List<Set<String>> SELECTION =
            List.of(
                    Set.of("reasoning_effort"),
                    Set.of("initial_permission_mode"),
                    Set.of("reasoning_effort", "initial_permission_mode"),
                    Set.of(
                            "runtime_adapter",
                            "model",
                            "reasoning_effort",
                            "initial_permission_mode"));

    /** A placeholder for the id of an earlier run of the same task. */
    private static final String EARLIER = TestEngine.uuid(0xea).toString();

    private static final Map<String, Set<String>> MODES =
            Map.of(
                    "claude", Set.of("default", "acceptEdits", "plan", "bypassPermissions", "auto"),
                    "codex", Set.of("auto", "read-only", "full-access"));

    // --- tasks

    @Property(tries = TRIES)
    void aCreatedTaskIsWhatWasSent(@ForAll("taskMembers") SampleRequest request) {
        long before = tasks();

        Optional<JsonNode> answer =
                accepted(request, brokenReportRule(request), () -> rosa.createTask(request.json()));

        assertThat(tasks()).isEqualTo(before + (answer.isPresent() ? 1 : 0));
        answer.ifPresent(
                task -> {
                    ObjectNode expected = created(request);
                    assertTitle(request, task, expected);
                    assertSame(rosa.getTask(WireClient.taskId(task)), expected);
                });
    }

    /** Returns the members of a task created by this request, without a generated title. */
    private static ObjectNode created(SampleRequest request) {
        String title = request.text("title").orElse("");
        ObjectNode task =
                (ObjectNode)
                        json(
                                """
                                {"description":"","origin_product":"user_created",
                                 "repository":null,"github_integration":12,
                                 "github_user_integration":null,"signal_report":null,
                                 "json_schema":null,"internal":false,"ci_prompt":null}""");
        task.put("title", title).put("title_manually_set", !title.isEmpty());
        request.members()
                .keySet()
                .forEach(name -> task.set(name, request.read(name).orElseThrow()));
        task.remove("signal_report_task_relationship");
        if (task.get("github_integration").isNull()) {
            task.put("github_integration", 12); // The default also applies to null.
        }
        return task;
    }

    private static void assertTitle(SampleRequest request, JsonNode task, ObjectNode expected) {
        boolean generated =
                request.text("title").orElse("").isEmpty()
                        && !request.text("description").orElse("").isEmpty();
        if (generated) {
            String title = task.get("title").textValue();
            assertThat(title.codePointCount(0, title.length())).isBetween(1, 60);
            expected.remove("title");
        }
    }

    @Property(tries = TRIES)
    void anUpdatedTaskIsWhatWasSent(@ForAll("taskMembers") SampleRequest request) {
        TaskId task =
                WireClient.taskId(
                        rosa.createTask(
                                """
                                {"description":"It crashes.","repository":"acme/mobile",
                                 "json_schema":{"type":"object"},"ci_prompt":"Fix it"}"""));
        JsonNode before = rosa.getTask(task);
        engine.clock().tick();

        Optional<JsonNode> answer =
                accepted(
                        request,
                        brokenReportRule(request),
                        () -> rosa.updateTask(task, request.json()));

        ObjectNode expected = before.deepCopy();
        if (answer.isPresent()) {
            request.members()
                    .keySet()
                    .forEach(name -> expected.set(name, request.read(name).orElseThrow()));
            expected.remove("signal_report_task_relationship");
            if (request.members().containsKey("title")
                    && !request.members().containsKey("title_manually_set")) {
                expected.put("title_manually_set", true);
            }
            if (expected.get("repository").asText().isEmpty()) {
                expected.putNull("repository");
            }
            boolean changed = !expected.toString().equals(before.toString());
            assertThat(answer.get().get("updated_at").equals(before.get("updated_at")))
                    .isNotEqualTo(changed);
            expected.set("updated_at", answer.get().get("updated_at"));
        }
        assertThat(rosa.getTask(task)).hasToString(expected.toString());
    }

    /** The members of {@code create} and {@code update}, in the order of docs/wire/tasks.md#d2. */
    @Provide
    Arbitrary<SampleRequest> taskMembers() {
        return new Declaration()
                .member("title", SampleValues.neverNull(SampleValues.text(255)))
                .member("title_manually_set", SampleValues.flag())
                .member("description", SampleValues.neverNull(SampleValues.text(UNLIMITED)))
                .member("origin_product", SampleValues.choice(OriginProduct.values()))
                .member("repository", SampleValues.orNull(repositories()))
                .member(
                        "github_integration",
                        SampleValues.orNull(SampleValues.number(TestEngine.ACME_GITHUB, 999)))
                .member(
                        "github_user_integration",
                        SampleValues.orNull(SampleValues.id(TestEngine.ROSAS_GITHUB, UNKNOWN)))
                .member(
                        "signal_report",
                        SampleValues.orNull(SampleValues.id(TestEngine.ACME_REPORT, UNKNOWN)))
                .member(
                        "signal_report_task_relationship",
                        SampleValues.choice(ReportRelationship.IMPLEMENTATION))
                .member("json_schema", SampleValues.orNull(schemas()))
                .member("internal", SampleValues.flag())
                .member("ci_prompt", SampleValues.orNull(SampleValues.text(UNLIMITED)))
                .requests(
                        ReadBackProperties::brokenReportRule,
                        List.of(Set.of("signal_report_task_relationship")));
    }

    private static Arbitrary<SampleValue> branches() {
        return Arbitraries.of(
                SampleValue.normalised("\" fix/Cart \"", "\"fix/Cart\""),
                SampleValue.kept("\"main\""),
                SampleValue.kept("\"a@b#\\\"é計\""),
                SampleValue.normalised("1.50", "\"1.50\""),
                SampleValue.rejected("\"\""),
                SampleValue.rejected("\"-x\""),
                SampleValue.rejected("\"a\\nb\""),
                SampleValue.rejected("\"" + "x".repeat(256) + "\""),
                SampleValue.rejected("[]"));
    }

    private static Arbitrary<SampleValue> repositories() {
        return Arbitraries.of(
                SampleValue.normalised("\" Acme/Mobile \"", "\"acme/mobile\""),
                SampleValue.kept("\"posthog/posthog-js\""),
                SampleValue.kept("\"a/b\""),
                SampleValue.kept("\"\""),
                SampleValue.normalised("\"  \"", "\"\""),
                SampleValue.rejected("\"mobile\""),
                SampleValue.rejected("\"a/b/c\""),
                SampleValue.rejected("\"/b\""),
                SampleValue.rejected("\"a/..\""),
                SampleValue.rejected("\"a/b\\nc\""),
                SampleValue.rejected("7"),
                SampleValue.rejected("[\"a/b\"]"));
    }

    private static Arbitrary<SampleValue> schemas() {
        return Arbitraries.of(
                SampleValue.kept("true"),
                SampleValue.kept("false"),
                SampleValue.kept("{}"),
                SampleValue.kept(
                        "{\"type\":\"object\",\"required\":[\"a\"],\"x-own\":[1.50,null]}"),
                SampleValue.kept("{\"$schema\":\"http://json-schema.org/draft-07/schema#\"}"),
                SampleValue.normalised("{ \"minimum\" : 1e3 }", "{\"minimum\":1e3}"),
                SampleValue.rejected("7"),
                SampleValue.rejected("\"object\""),
                SampleValue.rejected("[]"),
                SampleValue.rejected("{\"type\":\"pear\"}"),
                SampleValue.rejected("{\"required\":\"a\"}"),
                SampleValue.rejected("{\"$schema\":\"https://example.com/own\"}"));
    }

    /**
     * Returns the member of a task request that breaks a rule between members
     * (docs/wire/tasks.md#e7).
     */
    private static Optional<String> brokenReportRule(SampleRequest request) {
        boolean linked = request.members().containsKey("signal_report_task_relationship");
        boolean reported =
                Optional.ofNullable(request.members().get("signal_report"))
                        .map(sample -> !sample.sent().equals("null"))
                        .orElse(false);
        boolean ofReport = request.text("origin_product").equals(Optional.of("signal_report"));
        return linked && !(reported && ofReport)
                ? Optional.of("signal_report_task_relationship")
                : Optional.empty();
    }

    // --- new runs

    @Property(tries = TRIES)
    void aRunTaskIsWhatWasSent(@ForAll("runTaskMembers") SampleRequest request) {
        assertRun(
                request,
                (task, body) -> rosa.runTask(task, body).get("latest_run"),
                "{\"status\":\"queued\",\"environment\":\"cloud\"}");
    }

    @Property(tries = TRIES)
    void aCreatedRunIsWhatWasSent(@ForAll("createRunMembers") SampleRequest request) {
        assertRun(
                request,
                rosa::createRun,
                "{\"status\":\"not_started\",\"environment\":\"%s\"}"
                        .formatted(request.text("environment").orElse("local")));
    }

    private void assertRun(
            SampleRequest request, BiFunction<TaskId, String, JsonNode> operation, String fixed) {
        TaskId task = WireClient.taskId(rosa.createTask("{}"));
        RunId earlier = engine.notStartedRun(task);
        engine.clock().tick();
        String body = request.json().replace(EARLIER, earlier.toString());

        Optional<JsonNode> answer =
                accepted(request, brokenSelectionRule(request), () -> operation.apply(task, body));

        assertThat(engine.allRuns(ACME, task)).hasSize(answer.isPresent() ? 2 : 1);
        answer.ifPresent(
                run -> {
                    ObjectNode expected = (ObjectNode) json(fixed);
                    expected.set("branch", request.read("branch").orElse(json("null")));
                    expected.set("state", state(request, earlier));
                    for (String mirrored :
                            List.of("runtime_adapter", "provider", "model", "reasoning_effort")) {
                        JsonNode value = expected.get("state").get(mirrored);
                        expected.set(mirrored, value == null ? json("null") : value);
                    }
                    expected.set("stage", json("null"));
                    expected.set("output", json("null"));
                    expected.set("error_message", json("null"));
                    expected.set("artifacts", json("[]"));
                    expected.set("completed_at", json("null"));
                    assertSame(rosa.getRun(task, WireClient.runId(run)), expected);
                });
    }

    /**
     * Returns the state of a run created by this request, in the order of the documented examples.
     */
    private static ObjectNode state(SampleRequest request, RunId earlier) {
        ObjectNode state = WireJson.object();
        state.put("mode", request.text("mode").orElse("background"));
        request.text("pending_user_message")
                .filter(text -> !text.isEmpty())
                .ifPresent(text -> state.put("pending_user_message", text));
        copy(request, state, "initial_permission_mode");
        request.text("branch").ifPresent(branch -> state.put("pr_base_branch", branch));
        copy(request, state, "pr_authorship_mode");
        copy(request, state, "run_source");
        copy(request, state, "signal_report_id");
        copy(request, state, "runtime_adapter");
        request.text("runtime_adapter")
                .ifPresent(
                        it -> state.put("provider", it.equals("codex") ? "openai" : "anthropic"));
        copy(request, state, "model");
        copy(request, state, "reasoning_effort");
        copy(request, state, "sandbox_environment_id");
        boolean asUser = request.text("pr_authorship_mode").equals(Optional.of("user"));
        if (asUser && request.members().containsKey("github_user_token")) {
            state.put("github_credential_source", "caller_token");
        }
        request.text("resume_from_run_id")
                .ifPresent(it -> state.put("resume_from_run_id", earlier.toString()));
        return state;
    }

    private static void copy(SampleRequest request, ObjectNode state, String name) {
        request.read(name).ifPresent(value -> state.set(name, value));
    }

    /** The members of {@code run/}, in the order of docs/wire/starting-runs.md#d6. */
    @Provide
    Arbitrary<SampleRequest> runTaskMembers() {
        Arbitrary<SampleValue> runs =
                Arbitraries.of(
                        SampleValue.kept("\"" + EARLIER + "\""),
                        SampleValue.kept("\"" + EARLIER + "\""),
                        SampleValue.missing("\"" + UNKNOWN + "\""),
                        SampleValue.rejected("null"),
                        SampleValue.rejected("\"x\""));
        Declaration declaration =
                new Declaration()
                        .member("mode", SampleValues.choice(ExecutionMode.values()))
                        .member("branch", SampleValues.orNull(branches()))
                        .member("resume_from_run_id", runs)
                        .member(
                                "pending_user_message",
                                SampleValues.neverNull(SampleValues.text(UNLIMITED)))
                        .member("pending_user_artifact_ids", artifactIds());
        return withSelection(declaration)
                .requests(ReadBackProperties::brokenSelectionRule, SELECTION);
    }

    /** The members of {@code runs/}, in the order of docs/wire/starting-runs.md#d10. */
    @Provide
    Arbitrary<SampleRequest> createRunMembers() {
        Declaration declaration =
                new Declaration()
                        .member("environment", SampleValues.choice(RunEnvironment.values()))
                        .member("mode", SampleValues.choice(ExecutionMode.values()))
                        .member("branch", SampleValues.orNull(branches()));
        return withSelection(declaration)
                .requests(ReadBackProperties::brokenSelectionRule, SELECTION);
    }

    private static Declaration withSelection(Declaration declaration) {
        Arbitrary<SampleValue> models =
                Arbitraries.of("gpt-5.4", "claude-opus-4-5", "claude-opus-4-6", "claude-haiku-4-5")
                        .map(
                                model ->
                                        SampleValue.normalised(
                                                "\" " + model + "\"", "\"" + model + "\""));
        return declaration
                .member(
                        "sandbox_environment_id",
                        SampleValues.neverNull(
                                SampleValues.id(TestEngine.SHARED_ENVIRONMENT, UNKNOWN)))
                .member("pr_authorship_mode", SampleValues.choice(PrAuthorshipMode.values()))
                .member("run_source", SampleValues.choice(RunSource.values()))
                .member(
                        "signal_report_id",
                        SampleValues.neverNull(SampleValues.nonBlankText(UNLIMITED)))
                .member("runtime_adapter", SampleValues.choice(RuntimeAdapter.values()))
                .member("model", Arbitraries.oneOf(models, SampleValues.nonBlankText(UNLIMITED)))
                .member("reasoning_effort", SampleValues.choice(ReasoningEffort.values()))
                .member(
                        "github_user_token",
                        SampleValues.neverNull(SampleValues.nonBlankText(UNLIMITED)))
                .member("initial_permission_mode", SampleValues.choice(PermissionMode.values()));
    }

    private static Arbitrary<SampleValue> artifactIds() {
        return Arbitraries.of(
                SampleValue.kept("[]"),
                SampleValue.kept("[]"),
                SampleValue.kept("[]"),
                SampleValue.missing("[\"" + "f".repeat(32) + "\",\"not an id\"]"),
                SampleValue.rejected("null"),
                SampleValue.rejected("\"a\""),
                SampleValue.rejected("[\"a\",\"\"]"),
                SampleValue.rejected("[null]"));
    }

    /**
     * Returns the member of a run request that breaks the first rule between members
     * (docs/wire/runtime-selection.md#e1 to #e3).
     */
    private static Optional<String> brokenSelectionRule(SampleRequest request) {
        Optional<String> adapter = request.text("runtime_adapter");
        Optional<String> model = request.text("model");
        Optional<String> effort = request.text("reasoning_effort");
        Optional<String> mode = request.text("initial_permission_mode");
        if (mode.isPresent()
                && adapter.filter(it -> MODES.get(it).contains(mode.get())).isEmpty()) {
            return Optional.of("initial_permission_mode");
        }
        if (adapter.isEmpty() && (model.isPresent() || effort.isPresent())) {
            return Optional.of("runtime_adapter");
        }
        if (model.isEmpty() && (adapter.isPresent() || effort.isPresent())) {
            return Optional.of("model");
        }
        return effort.filter(
                        it -> !efforts(adapter.orElseThrow(), model.orElseThrow()).contains(it))
                .map(it -> "reasoning_effort");
    }

    private static Set<String> efforts(String adapter, String model) {
        Set<String> upToHigh = Set.of("low", "medium", "high");
        if (adapter.equals("codex")) {
            return upToHigh;
        }
        return switch (model) {
            case "claude-opus-4-5", "claude-sonnet-4-6" -> upToHigh;
            case "claude-opus-4-6", "claude-opus-4-7" ->
                    Set.of("low", "medium", "high", "xhigh", "max");
            default -> Set.of();
        };
    }

    // --- updates of runs

    @Property(tries = TRIES)
    void anUpdatedRunIsWhatWasSent(@ForAll("updateRunMembers") SampleRequest request) {
        TaskId task = WireClient.taskId(rosa.createTask("{}"));
        RunId run = engine.queuedRun(task);
        rosa.updateRun(
                task,
                run,
                """
                {"status":"in_progress","branch":"main","stage":"build","output":{"b":1,"a":2},
                 "state":{"own":1,"a":[1]}}""");
        engine.changeState(
                task,
                run,
                "{\"mode\":\"background\",\"own\":1,\"a\":[1],\"pending_user_message\":\"Hi\"}");
        JsonNode before = rosa.getRun(task, run);
        Optional<JsonNode> answer =
                accepted(
                        request, wayBack(request), () -> rosa.updateRun(task, run, request.json()));

        ObjectNode expected = before.deepCopy();
        if (answer.isPresent()) {
            update(expected, request);
            boolean changed = !expected.toString().equals(before.toString());
            JsonNode updatedAt = answer.get().get("updated_at");
            assertThat(updatedAt.equals(before.get("updated_at"))).isNotEqualTo(changed);
            boolean ended =
                    Set.of("completed", "failed", "cancelled")
                            .contains(expected.get("status").textValue());
            expected.set("updated_at", updatedAt);
            expected.set("completed_at", ended ? updatedAt : json("null"));
        }
        assertThat(rosa.getRun(task, run)).hasToString(expected.toString());
    }

    /** Returns the member of an update that a run in progress rejects (docs/wire/runs.md#g3). */
    private static Optional<String> wayBack(SampleRequest request) {
        return request.text("status")
                .filter(status -> status.equals("queued") || status.equals("not_started"))
                .map(status -> "status");
    }

    private static void update(ObjectNode run, SampleRequest request) {
        for (String name : List.of("status", "branch", "stage", "error_message", "environment")) {
            request.read(name).ifPresent(value -> run.set(name, value));
        }
        request.read("output")
                .ifPresent(
                        output -> {
                            JsonNode merged = run.get("output").deepCopy();
                            run.set(
                                    "output",
                                    merged.isObject() && output.isObject()
                                            ? ((ObjectNode) merged).setAll((ObjectNode) output)
                                            : output);
                        });
        ObjectNode state = (ObjectNode) run.get("state");
        request.read("state_remove_keys")
                .ifPresent(
                        keys ->
                                keys.forEach(
                                        key -> {
                                            if (StateKey.mayRemove(key.textValue())) {
                                                state.remove(key.textValue());
                                            }
                                        }));
        request.read("state")
                .ifPresent(
                        sent ->
                                WireJson.names(sent).stream()
                                        .filter(StateKey::maySet)
                                        .forEach(key -> state.set(key, sent.get(key))));
    }

    /** The members of an update, in the order of docs/wire/runs.md#i2. */
    @Provide
    Arbitrary<SampleRequest> updateRunMembers() {
        Arbitrary<String> keys =
                Arbitraries.of("own", "a", "計", "mode", "model", "pending_user_message", "new");
        Arbitrary<SampleValue> states =
                Arbitraries.oneOf(
                        SampleValues.jsonObject(keys, 2).map(SampleValue::kept),
                        SampleValues.jsonObject(keys, 2).map(SampleValue::kept),
                        Arbitraries.of("null", "[]", "7", "\"text\"").map(SampleValue::rejected));
        Arbitrary<SampleValue> removed =
                Arbitraries.oneOf(
                        keys.list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(WireJson::list)
                                .map(SampleValue::kept),
                        keys.list()
                                .ofMinSize(1)
                                .ofMaxSize(3)
                                .map(WireJson::list)
                                .map(SampleValue::kept),
                        Arbitraries.of("null", "[]", "{}", "[\"\"]", "[[]]")
                                .map(SampleValue::rejected));
        return new Declaration()
                .member("status", SampleValues.choice(RunStatus.values()))
                .member("branch", SampleValues.orNull(branches()))
                .member("stage", SampleValues.orNull(SampleValues.nonBlankText(100)))
                .member("output", SampleValues.json().map(SampleValue::kept))
                .member("state", states)
                .member("state_remove_keys", removed)
                .member("error_message", SampleValues.orNull(SampleValues.text(UNLIMITED)))
                .member("environment", SampleValues.choice(UpdateRunRequest.HandOffTarget.values()))
                .requests(ReadBackProperties::wayBack, List.of(Set.of("status")));
    }

    // --- common

    /**
     * Returns the response if the request is accepted. Otherwise asserts that the request is
     * rejected for its first invalid member, or else for a rule between members, or else for a
     * member that refers to an unknown object.
     */
    private static Optional<JsonNode> accepted(
            SampleRequest request, Optional<String> brokenRule, Supplier<JsonNode> operation) {
        Optional<String> rejected = request.firstRejected();
        boolean good = rejected.isEmpty() && brokenRule.isEmpty() && request.missing().isEmpty();
        try {
            JsonNode answer = operation.get();
            assertThat(good).as("accepted").isTrue();
            return Optional.of(answer);
        } catch (InvalidRequestException rejection) {
            assertThat(good).as(rejection.toString()).isFalse();
            String first = member(rejection.first());
            if (rejected.isPresent()) {
                assertThat(first).isEqualTo(rejected.get());
            } else if (brokenRule.isPresent()) {
                assertThat(first).isEqualTo(brokenRule.get());
            } else {
                assertThat(first).isIn(request.missing());
            }
            assertThat(rejection.violations())
                    .allSatisfy(each -> assertThat(member(each)).isIn(request.declared()));
            return Optional.empty();
        }
    }

    private static String member(Violation violation) {
        return violation.attr().orElseThrow().split("__", 2)[0];
    }

    private static void assertSame(JsonNode answer, ObjectNode expected) {
        ObjectNode shown = WireJson.object();
        WireJson.names(expected).forEach(name -> shown.set(name, answer.get(name)));
        assertThat(shown).hasToString(expected.toString());
    }

    private long tasks() {
        PageRequest one = new PageRequest(1, 0);
        return engine.rosas().tasks().list(TestEngine.filter(false), one).total()
                + engine.rosas().tasks().list(TestEngine.filter(true), one).total();
    }
}
