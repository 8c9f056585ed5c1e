package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static dev.errand.testing.engine.WireJson.list;
import static dev.errand.testing.engine.WireJson.names;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.access.Caller;
import dev.errand.artifact.PreparedUpload;
import dev.errand.config.EngineOptions;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.run.RunScheduling;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.ExecutionMode;
import dev.errand.spi.run.QueueEntry;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunTimeouts;
import dev.errand.spi.store.ClaimedRun;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Running a task in the cloud (docs/wire/starting-runs.md#d6, #e10 to #e12,
 * docs/wire/runtime-selection.md#e1 to #e3, docs/wire/artifacts.md#h8).
 */
public abstract class RunTaskOperationsContract extends EngineContract {

    private TaskId task;

    /** Creates a task of Rosa's. */
    @BeforeEach
    public void createTask() {
        task = engine.task();
    }

    // --- response

    @Test
    void runReturnsTheDocumentedRun() {
        Artifact staged = engine.staged(task, "spec.pdf");
        engine.clock().set(Instant.parse("2026-05-07T09:30:00Z"));

        JsonNode answer =
                rosa.runTask(
                        task,
                        """
                        {"mode": "interactive", "branch": "main", "runtime_adapter": "codex",
                         "model": "gpt-5.4", "reasoning_effort": "high",
                         "initial_permission_mode": "auto",
                         "pending_user_message": "  See the attached spec ",
                         "pending_user_artifact_ids": ["%s"]}"""
                                .formatted(staged.id()));

        RunId run = WireClient.latestRunId(answer);
        assertThat(answer.get("latest_run"))
                .hasToString(
                        json("""
                                        {"id":"%s","task":"%s","stage":null,"branch":"main",
                                         "status":"queued","environment":"cloud",
                                         "runtime_adapter":"codex","provider":"openai",
                                         "model":"gpt-5.4","reasoning_effort":"high",
                                         "log_url":"https://logs.example/%s","error_message":null,
                                         "output":null,
                                         "state":{"mode":"interactive",
                                          "pending_user_message":"See the attached spec",
                                          "pending_user_artifact_ids":["%s"],
                                          "initial_permission_mode":"auto",
                                          "pr_base_branch":"main","runtime_adapter":"codex",
                                          "provider":"openai","model":"gpt-5.4",
                                          "reasoning_effort":"high"},
                                         "artifacts":[{"id":"%s","name":"spec.pdf",
                                          "type":"user_attachment","source":"","size":3,
                                          "content_type":"text/plain","storage_path":"%s",
                                          "uploaded_at":"2026-05-07T09:28:06.000001Z"}],
                                         "created_at":"2026-05-07T09:30:00Z",
                                         "updated_at":"2026-05-07T09:30:00Z","completed_at":null}"""
                                        .formatted(
                                                run,
                                                task,
                                                run,
                                                staged.id(),
                                                staged.id(),
                                                staged.storagePath()))
                                .toString());
        assertThat(rosa.getTask(task)).isEqualTo(answer);
        assertThat(rosa.getRun(task, run)).isEqualTo(answer.get("latest_run"));
    }

    // --- scheduling policy

    @Test
    void theSchedulingPolicySetsPriorityAndTimeouts() {
        RunTimeouts timeouts = RunTimeouts.NONE.withInactivity(Duration.ofMinutes(5));
        configure(
                EngineOptions.DEFAULT.withSchedulingPolicy(
                        (of, run) ->
                                of.project().equals(ACME)
                                                && run.state().text().contains("interactive")
                                        ? RunScheduling.DEFAULT
                                                .withPriority(50)
                                                .withTimeouts(timeouts)
                                        : RunScheduling.DEFAULT));

        RunId urgent = WireClient.latestRunId(rosa.runTask(task, "{\"mode\":\"interactive\"}"));
        RunId plain = WireClient.latestRunId(rosa.runTask(task, ""));
        RunId first =
                engine.rosas()
                        .tasks()
                        .createAndRun(
                                CreateTaskRequest.builder().title("Cart crash").build(),
                                RunTaskRequest.builder().mode(ExecutionMode.INTERACTIVE).build())
                        .latestRun()
                        .orElseThrow()
                        .id();

        assertThat(engine.getEntry(task, plain).priority()).isZero();
        for (ClaimedRun claimed : engine.claimAll()) {
            QueueEntry entry = claimed.entry();
            boolean isUrgent = List.of(urgent, first).contains(claimed.run().id());
            assertThat(entry.priority()).isEqualTo(isUrgent ? 50 : 0);
            assertThat(entry.timeouts()).isEqualTo(isUrgent ? timeouts : RunTimeouts.NONE);
        }
    }

    @Test
    void schedulingIsDecidedWhenTheRunIsStarted() {
        RunId recorded = engine.notStartedRun(task);
        assertThat(engine.findEntry(task, recorded)).isEmpty();
        configure(
                EngineOptions.DEFAULT.withSchedulingPolicy(
                        (of, run) ->
                                RunScheduling.DEFAULT.withPriority(
                                        run.id().equals(recorded) ? -1 : 1)));

        rosa.startRun(task, recorded, "{}");

        assertThat(engine.getEntry(task, recorded).priority()).isEqualTo(-1);
    }

    @Test
    void aThrowingSchedulingPolicyQueuesNothing() {
        configure(
                EngineOptions.DEFAULT.withSchedulingPolicy(
                        (of, run) -> {
                            throw new IllegalStateException("the policy fails");
                        }));

        assertThatThrownBy(() -> rosa.runTask(task, ""))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("the policy fails");
        assertThat(engine.allRuns(ACME, task)).isEmpty();
    }

    // --- response, continued

    @Test
    void allMembersAreOptional() {
        JsonNode run = rosa.runTask(task, "").get("latest_run");

        assertMembers(
                run,
                """
                {"stage":null,"branch":null,"status":"queued","environment":"cloud",
                 "runtime_adapter":null,"provider":null,"model":null,"reasoning_effort":null,
                 "error_message":null,"output":null,"state":{"mode":"background"},"artifacts":[],
                 "completed_at":null}""");
    }

    @Test
    void stateKeysHaveTheDocumentedOrder() {
        UUID earlier = engine.notStartedRun(task).value();
        Artifact staged = engine.staged(task, "spec.pdf");
        JsonNode state =
                rosa.runTask(
                                task,
                                """
                                {"initial_permission_mode":"plan","reasoning_effort":"xhigh",
                                 "model":"claude-opus-4-7","runtime_adapter":"claude",
                                 "signal_report_id":"r-1","run_source":"signal_report",
                                 "pr_authorship_mode":"bot","sandbox_environment_id":"%s",
                                 "pending_user_artifact_ids":["%s"],"pending_user_message":"Hi",
                                 "resume_from_run_id":"%s","branch":"main","mode":"interactive"}"""
                                        .formatted(
                                                TestEngine.SHARED_ENVIRONMENT,
                                                staged.id(),
                                                earlier))
                        .get("latest_run")
                        .get("state");

        assertThat(names(state))
                .containsExactly(
                        "mode",
                        "pending_user_message",
                        "pending_user_artifact_ids",
                        "initial_permission_mode",
                        "pr_base_branch",
                        "pr_authorship_mode",
                        "run_source",
                        "signal_report_id",
                        "runtime_adapter",
                        "provider",
                        "model",
                        "reasoning_effort",
                        "sandbox_environment_id",
                        "resume_from_run_id");
    }

    @Test
    void aRunIsQueuedOnce() {
        RunId run = engine.queuedRun(task);

        List<ClaimedRun> claimed = engine.claimAll();

        assertThat(claimed).extracting(it -> it.run().id()).containsExactly(run);
        assertThat(claimed.get(0).entry())
                .isEqualTo(QueueEntry.queued(claimed.get(0).run().createdAt()));
        assertThat(engine.claimAll()).isEmpty();
    }

    @Test
    void everyCallCreatesARun() {
        RunId first = engine.queuedRun(task);
        RunId second = engine.queuedRun(task);

        assertThat(engine.allRuns(ACME, task)).extracting(Run::id).containsExactly(second, first);
        assertThat(engine.claimAll()).hasSize(2);
    }

    // --- rules without stored data

    @Test
    void anInvalidRequestCreatesNoRun() {
        assertRejected(
                () -> rosa.runTask(task, "{\"runtime_adapter\": \"codex\"}"),
                ErrorCode.INVALID_INPUT,
                "model",
                "This field is required when selecting a cloud runtime.");
    }

    @Test
    void theSelectedRuntimeIsStored() {
        String selection =
                """
                {"runtime_adapter":"claude","model":"claude-opus-4-7","reasoning_effort":"xhigh"}""";

        JsonNode run = rosa.runTask(task, selection).get("latest_run");

        assertMembers(run, selection);
        assertMembers(run, "{\"provider\":\"anthropic\"}");
        String readOnly =
                """
                {"runtime_adapter":"codex","model":"gpt-5.4","initial_permission_mode":"read-only"}""";
        assertThat(
                        rosa.runTask(task, readOnly)
                                .at("/latest_run/state/initial_permission_mode")
                                .textValue())
                .isEqualTo("read-only");
    }

    @Test
    void theRequestIsCheckedBeforeTheTask() {
        TaskId missing = TaskId.of(UNKNOWN);

        assertRejected(
                () ->
                        rosa.runTask(
                                missing,
                                "{\"runtime_adapter\":\"codex\",\"model\":\"gpt-5.4\","
                                        + "\"reasoning_effort\":\"max\"}"),
                ErrorCode.INVALID_INPUT,
                "reasoning_effort",
                "Reasoning effort 'max' is not supported for runtime_adapter 'codex' and model"
                        + " 'gpt-5.4'. Supported values: low, medium, high.");
        assertNotFound(() -> rosa.runTask(missing, "{\"resume_from_run_id\":\"" + UNKNOWN + "\"}"));
    }

    // --- message (docs/wire/starting-runs.md#e10)

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    " Fix it \\n" | "Fix it"
                    17            | "17"
                    ""            |
                    "  \\t "      |
                    """)
    void aMessageIsTrimmedAndOmittedIfBlank(String sent, String stored) {
        JsonNode state =
                rosa.runTask(task, "{\"pending_user_message\":" + sent + "}")
                        .get("latest_run")
                        .get("state");

        assertThat(Optional.ofNullable(state.get("pending_user_message")).map(JsonNode::toString))
                .isEqualTo(Optional.ofNullable(stored));
    }

    // --- staged artifacts (docs/wire/starting-runs.md#e11)

    @Test
    void stagedArtifactsFormTheManifestInRequestOrder() {
        Artifact a = engine.staged(task, "a.txt");
        Artifact b = engine.staged(task, "b.txt");
        Artifact unused = engine.staged(task, "c.txt");

        RunId run = run(List.of(b.id().value(), a.id().value(), b.id().value()));

        assertThat(engine.stored(task, run).artifacts()).containsExactly(b, a);
        assertThat(json(engine.stored(task, run).state()).get("pending_user_artifact_ids"))
                .hasToString(list(List.of(b.id().value(), a.id().value())));
        assertThat(
                        engine.backend()
                                .staging()
                                .find(ACME, task, List.of(a.id(), b.id(), unused.id())))
                .singleElement()
                .satisfies(left -> assertThat(left.artifact()).isEqualTo(unused));
    }

    @Test
    void allMissingArtifactsAreNamedInRequestOrder() {
        Artifact good = engine.staged(task, "good.txt");
        Artifact used = engine.staged(task, "used.txt");
        run(List.of(used.id().value()));
        Artifact foreign = engine.staged(engine.task(), "foreign.txt");
        PreparedUpload reserved = engine.uploaded(task, "reserved.txt");
        List<String> missing =
                List.of(
                        "f".repeat(32),
                        used.id().value(),
                        "not an id",
                        foreign.id().value(),
                        reserved.id().value(),
                        good.id().value().toUpperCase(Locale.ROOT) + "A");

        assertMissing(missing, with(missing, good));
        List<String> wellFormed = missing.stream().filter(it -> it.length() == 32).toList();
        assertMissing(wellFormed, with(wellFormed, good));
        run(List.of(good.id().value()));
    }

    private static List<String> with(List<String> missing, Artifact good) {
        List<String> requested = new ArrayList<>(missing);
        requested.add(2, good.id().value());
        requested.add(missing.get(0));
        return requested;
    }

    @Test
    void aStagedArtifactExpiresAfterADay() {
        Artifact inTime = engine.staged(task, "in-time.txt");
        Artifact tooLate = engine.staged(task, "too-late.txt");

        engine.clock().advance(Duration.ofDays(1).minusNanos(1_000));
        run(List.of(inTime.id().value()));
        engine.clock().tick();

        assertMissing(List.of(tooLate.id().value()), List.of(tooLate.id().value()));
    }

    @Test
    void objectsOfARunAreKeptForThirtyDays() {
        Artifact staged = engine.staged(task, "spec.pdf");
        run(List.of(staged.id().value()));

        assertThat(engine.objects().tags(ACME, staged.storagePath()))
                .isEqualTo(Map.of("ttl_days", "30", "team_id", "7"));
    }

    private void assertMissing(List<String> missing, List<String> requested) {
        InvalidRequestException rejected =
                assertRejected(
                        () -> run(requested),
                        ErrorCode.MISSING_ARTIFACTS,
                        "pending_user_artifact_ids",
                        "Some pending_user_artifact_ids are invalid or expired");
        assertThat(rejected.first().missingArtifactIds()).isEqualTo(missing);
    }

    private RunId run(List<String> artifactIds) {
        RunTaskRequest request =
                RunTaskRequest.builder().pendingUserArtifactIds(artifactIds).build();
        return engine.rosas().runs().run(task, request).latestRun().orElseThrow().id();
    }

    // --- sandbox environment (docs/wire/starting-runs.md#e12)

    @Test
    void onlyAccessibleEnvironmentsAreAccepted() {
        TaskId unowned =
                engine.as(Caller.host())
                        .tasks()
                        .create(CreateTaskRequest.builder().build())
                        .task()
                        .id();

        assertThat(environmentOf(task, TestEngine.SHARED_ENVIRONMENT)).isNotNull();
        assertThat(environmentOf(task, TestEngine.ROSAS_ENVIRONMENT)).isNotNull();
        assertThat(environmentOf(unowned, TestEngine.SHARED_ENVIRONMENT)).isNotNull();
        assertNoEnvironment(unowned, TestEngine.ROSAS_ENVIRONMENT);
        assertNoEnvironment(unowned, TestEngine.UNOWNED_ENVIRONMENT);
        assertNoEnvironment(task, TestEngine.UNOWNED_ENVIRONMENT);
        assertNoEnvironment(task, TestEngine.OTHER_ENVIRONMENT);
        assertNoEnvironment(task, UNKNOWN);
        assertNoEnvironment(
                engine.omars().tasks().create(CreateTaskRequest.builder().build()).task().id(),
                TestEngine.ROSAS_ENVIRONMENT);
    }

    private String environmentOf(TaskId of, UUID environment) {
        return rosa.runTask(of, "{\"sandbox_environment_id\":\"" + environment + "\"}")
                .get("latest_run")
                .get("state")
                .get("sandbox_environment_id")
                .textValue();
    }

    private void assertNoEnvironment(TaskId of, UUID environment) {
        assertRejected(
                () -> environmentOf(of, environment),
                ErrorCode.INVALID_SANDBOX_ENVIRONMENT,
                "sandbox_environment_id",
                "Invalid sandbox_environment_id");
    }

    // --- order of rules on stored data

    @Test
    void rulesOnStoredDataAreCheckedInTheDocumentedOrder() {
        TaskId withRepository =
                engine.task(CreateTaskRequest.builder().repository("acme/mobile").build());
        RunId old = engine.notStartedRun(withRepository);
        engine.changeState(
                withRepository,
                old,
                """
                {"runtime_adapter":"codex","model":"gpt-5.4","reasoning_effort":"max"}""");
        ObjectNode body =
                (ObjectNode)
                        json(
                                """
                                {"resume_from_run_id":"%s","pr_authorship_mode":"user",
                                 "sandbox_environment_id":"%s",
                                 "pending_user_artifact_ids":["nothing"]}"""
                                        .formatted(UNKNOWN, UNKNOWN));

        assertFirst(withRepository, body, "invalid_resume_run", "resume_from_run_id");
        body.put("resume_from_run_id", old.toString());
        assertFirst(withRepository, body, "invalid_input", "reasoning_effort");
        engine.changeState(withRepository, old, "{}");
        assertFirst(withRepository, body, "github_authorization_required", "pr_authorship_mode");
        body.put("github_user_token", "ghp_secret");
        assertFirst(withRepository, body, "invalid_sandbox_environment", "sandbox_environment_id");
        body.remove("sandbox_environment_id");
        assertFirst(withRepository, body, "missing_artifacts", "pending_user_artifact_ids");
        body.remove("pending_user_artifact_ids");
        rosa.runTask(withRepository, body.toString());
    }

    private void assertFirst(TaskId of, JsonNode body, String code, String attr) {
        String before = engine.snapshot();
        InvalidRequestException rejected =
                catchThrowableOfType(
                        InvalidRequestException.class, () -> rosa.runTask(of, body.toString()));

        assertThat(rejected).isNotNull();
        assertThat(rejected.violations())
                .extracting(Violation::code, Violation::attr)
                .containsExactly(tuple(code(code), Optional.of(attr)));
        assertThat(engine.snapshot()).isEqualTo(before);
    }
}
