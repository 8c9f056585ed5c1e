package dev.errand.testing.engine;

import static dev.errand.testing.engine.TestEngine.ACME;
import static dev.errand.testing.engine.TestEngine.OMAR;
import static dev.errand.testing.engine.TestEngine.OMARS_GITHUB;
import static dev.errand.testing.engine.TestEngine.ROSA;
import static dev.errand.testing.engine.TestEngine.ROSAS_GITHUB;
import static dev.errand.testing.engine.TestEngine.UNKNOWN;
import static dev.errand.testing.engine.WireJson.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.fasterxml.jackson.databind.JsonNode;
import dev.errand.Errand;
import dev.errand.access.Caller;
import dev.errand.error.ErrorCode;
import dev.errand.error.InvalidRequestException;
import dev.errand.error.Violation;
import dev.errand.run.CreateRunRequest;
import dev.errand.run.RunTaskRequest;
import dev.errand.run.Runs;
import dev.errand.spi.PortException;
import dev.errand.spi.Secret;
import dev.errand.spi.run.PrAuthorshipMode;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import dev.errand.wire.ErrorBody;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Authorship of runs and handling of the caller's GitHub token (docs/wire/user-authorship.md#e4;
 * docs/invariants.md#i8).
 */
public abstract class AuthorshipOperationsContract extends EngineContract {

    private static final String TOKEN = "ghp_token-that-must-not-be-shown";
    private static final String AS_USER = "{\"pr_authorship_mode\":\"user\"}";
    private static final String WITH_TOKEN =
            "{\"pr_authorship_mode\":\"user\",\"github_user_token\":\"" + TOKEN + "\"}";

    private static final String CREATOR_REQUIRED =
            "User-authored runs must be started by the task creator, or provide github_user_token.";
    private static final String TOKEN_REQUIRED =
            "github_user_token is required for user-authored cloud runs";
    private static final String LINK_REQUIRED =
            "Link a GitHub account with repo access before running user-authored cloud tasks.";

    // --- the rows of the authorship table

    @Test
    void row1WithoutARepositoryNoTokenIsNeeded() {
        for (String repository : List.of("null", "\"\"")) {
            TaskId task = task("{\"repository\":" + repository + "}");

            RunId run = WireClient.latestRunId(rosa.runTask(task, AS_USER));

            assertState(task, run, "{\"mode\":\"background\",\"pr_authorship_mode\":\"user\"}");
            assertThat(secretsOf(run)).isEmpty();
        }
    }

    @Test
    void row2ATokenIsEnoughWhoeverStartsTheRun() {
        engine.directory().lookUpGithub(new TestConnections());
        TaskId task = task();

        RunId run = WireClient.latestRunId(omar().runTask(task, WITH_TOKEN));

        assertState(
                task,
                run,
                """
                {"mode":"background","pr_authorship_mode":"user",
                 "github_credential_source":"caller_token"}""");
        assertThat(secretsOf(run)).isEqualTo(Map.of("github_user_token", Secret.of(TOKEN)));
    }

    @Test
    void row3AnotherUserNeedsAToken() {
        engine.directory()
                .lookUpGithub(
                        new TestConnections()
                                .usable(OMAR, "acme/mobile", OMARS_GITHUB)
                                .usable(ROSA, "acme/mobile", ROSAS_GITHUB)
                                .ofProject(ACME));
        TaskId task = task();

        assertUnauthorized(omar(), task, CREATOR_REQUIRED);
    }

    @Test
    void row4TheCreatorsConnectionIsUsedAndNotedOnTheTask() {
        engine.directory()
                .lookUpGithub(
                        new TestConnections()
                                .usable(ROSA, "acme/mobile", ROSAS_GITHUB)
                                .ofProject(ACME));
        TaskId task = task();
        String updatedAt = rosa.getTask(task).get("updated_at").textValue();
        engine.clock().tick();

        JsonNode answer = rosa.runTask(task, AS_USER);

        assertThat(answer.get("github_user_integration").textValue())
                .isEqualTo(ROSAS_GITHUB.toString());
        assertThat(answer.get("updated_at").textValue()).isGreaterThan(updatedAt);
        assertThat(rosa.getTask(task)).isEqualTo(answer);
        assertState(
                task,
                WireClient.latestRunId(answer),
                """
                {"mode":"background","pr_authorship_mode":"user",
                 "github_credential_source":"server_integration"}""");
        assertThat(engine.backend().runsWithSecrets()).isEmpty();
    }

    /** See docs/invariants.md#i7. */
    @Test
    void theConnectionIsStoredTogetherWithTheRun() {
        engine.directory()
                .lookUpGithub(new TestConnections().usable(ROSA, "acme/mobile", ROSAS_GITHUB));
        TaskId task = task();
        engine.clock().tick();
        FailingStorage storage = new FailingStorage();
        storage.beforeNext("update", AuthorshipOperationsContract::failConnection);
        RunTaskRequest request =
                RunTaskRequest.builder().prAuthorshipMode(PrAuthorshipMode.USER).build();

        try (Errand node =
                Errand.builder(
                                storage.before(engine.backend()),
                                engine.objects(),
                                engine.directory())
                        .clock(engine.clock())
                        .build()) {
            Runs runs = node.project(ACME, Caller.user(ROSA)).runs();
            TaskWithLatestRun first = runs.run(task, request, Optional.of("key"));
            TaskWithLatestRun replayed = runs.run(task, request, Optional.of("key"));

            assertThat(first.task().details().githubUserIntegration()).contains(ROSAS_GITHUB);
            assertThat(replayed).isEqualTo(first);
            assertThat(node.project(ACME, Caller.user(ROSA)).tasks().get(task)).isEqualTo(first);
        }
    }

    private static void failConnection() {
        throw PortException.retryable("TaskStore", "connection lost");
    }

    @Test
    void row4OnlyTheConnectionOfTheTaskIsAccepted() {
        engine.directory()
                .addGithubUserIntegration(ROSA, UNKNOWN)
                .lookUpGithub(new TestConnections().usable(ROSA, "acme/mobile", ROSAS_GITHUB));
        TaskId named = taskWith("github_user_integration", ROSAS_GITHUB);
        TaskId other = taskWith("github_user_integration", UNKNOWN);

        JsonNode before = rosa.getTask(named);
        JsonNode answer = rosa.runTask(named, AS_USER);

        assertThat(answer.get("updated_at")).isEqualTo(before.get("updated_at"));
        assertUnauthorized(rosa, other, TOKEN_REQUIRED);
    }

    @Test
    void row5AConnectionOfTheTaskMakesABotRun() {
        engine.directory().lookUpGithub(new TestConnections().offeredIn(ACME));
        TaskId task = task("{\"repository\":\"acme/mobile\",\"github_integration\":12}");

        assertBot(task);
    }

    @Test
    void row5AConnectionOfTheProjectMakesABotRun() {
        engine.directory().lookUpGithub(new TestConnections().offeredIn(ACME).ofProject(ACME));

        assertBot(task());
    }

    private void assertBot(TaskId task) {
        RunId run = WireClient.latestRunId(rosa.runTask(task, AS_USER));

        assertState(task, run, "{\"mode\":\"background\",\"pr_authorship_mode\":\"bot\"}");
        assertThat(engine.backend().runsWithSecrets()).isEmpty();
    }

    @Test
    void row6ACallerWhoCanLinkAnAccountIsAskedTo() {
        engine.directory().lookUpGithub(new TestConnections().offeredIn(ACME));

        assertUnauthorized(rosa, task(), LINK_REQUIRED);
    }

    @Test
    void row6ATokenIsRequiredWithoutUserConnections() {
        engine.directory().lookUpGithub(new TestConnections());

        assertUnauthorized(rosa, task(), TOKEN_REQUIRED);
    }

    @Test
    void withoutGithubConnectionsATokenIsRequired() {
        TaskId task = task("{\"repository\":\"acme/mobile\",\"github_integration\":12}");

        assertUnauthorized(rosa, task, TOKEN_REQUIRED);
        assertUnauthorized(omar(), task, TOKEN_REQUIRED);
        assertThat(rosa.runTask(task, WITH_TOKEN)).isNotNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"pr_authorship_mode\":\"bot\"}"})
    void botRunsNeedNoAuthorization(String body) {
        rosa.runTask(task(), body);
    }

    @Test
    void localRunsNeedNoAuthorization() {
        TaskId task = task();

        rosa.createRun(task, AS_USER);
        assertRejected(
                () ->
                        rosa.createRun(
                                task,
                                "{\"environment\":\"cloud\",\"pr_authorship_mode\":\"user\"}"),
                ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                "pr_authorship_mode",
                TOKEN_REQUIRED);
    }

    @Test
    void anInheritedModeIsCheckedLikeARequestedOne() {
        TaskId task = task();
        RunId users = WireClient.latestRunId(rosa.runTask(task, WITH_TOKEN));
        RunId bots = WireClient.latestRunId(rosa.runTask(task, "{\"pr_authorship_mode\":\"bot\"}"));

        assertRejected(
                () -> rosa.runTask(task, "{\"resume_from_run_id\":\"" + users + "\"}"),
                ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                "pr_authorship_mode",
                TOKEN_REQUIRED);
        RunId withToken = WireClient.latestRunId(rosa.runTask(task, resuming(users)));
        RunId ofTheBot = WireClient.latestRunId(rosa.runTask(task, resuming(bots)));

        assertThat(secretsOf(withToken)).hasSize(1);
        assertThat(secretsOf(ofTheBot)).isEmpty();
    }

    private static String resuming(RunId run) {
        return "{\"resume_from_run_id\":\"%s\",\"github_user_token\":\"%s\"}".formatted(run, TOKEN);
    }

    @Test
    void aRejectedRunStoresNoConnection() {
        engine.directory()
                .lookUpGithub(new TestConnections().usable(ROSA, "acme/mobile", ROSAS_GITHUB));
        TaskId task = task();

        assertRejected(
                () ->
                        rosa.runTask(
                                task,
                                "{\"pr_authorship_mode\":\"user\",\"sandbox_environment_id\":\""
                                        + UNKNOWN
                                        + "\"}"),
                ErrorCode.INVALID_SANDBOX_ENVIRONMENT,
                "sandbox_environment_id");
        assertRejected(
                () ->
                        rosa.runTask(
                                task,
                                "{\"pr_authorship_mode\":\"user\",\"pending_user_artifact_ids\":[\""
                                        + "f".repeat(32)
                                        + "\"]}"),
                ErrorCode.MISSING_ARTIFACTS,
                "pending_user_artifact_ids");
    }

    // --- the token

    @Test
    void aTokenIsKeptForSixHours() {
        RunId run = WireClient.latestRunId(rosa.runTask(task(), WITH_TOKEN));

        engine.clock().advance(Duration.ofHours(6).minusNanos(1_000));
        assertThat(secretsOf(run)).containsValue(Secret.of(TOKEN));
        engine.clock().tick();
        assertThat(secretsOf(run)).isEmpty();
    }

    @Test
    void aRecordedRunKeepsItsTokenToo() {
        JsonNode run =
                rosa.createRun(
                        task(),
                        """
                        {"environment":"cloud","pr_authorship_mode":"user",
                         "github_user_token":"%s"}"""
                                .formatted(TOKEN));

        assertThat(secretsOf(WireClient.runId(run))).containsValue(Secret.of(TOKEN));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"github_user_token\":\"%s\"}",
                "{\"pr_authorship_mode\":\"bot\",\"github_user_token\":\"%s\"}"
            })
    void theTokenOfABotRunIsNotStored(String body) {
        TaskId task = task();

        rosa.runTask(task, body.formatted(TOKEN));
        rosa.createRun(task, body.formatted(TOKEN));

        assertThat(engine.backend().runsWithSecrets()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    "sandbox_environment_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff"
                    "resume_from_run_id": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e00ff"
                    "pending_user_artifact_ids": ["ffffffffffffffffffffffffffffffff"]
                    "pending_user_artifact_ids": ["not an id"]
                    "branch": ""
                    "runtime_adapter": "codex"
                    """)
    void aRejectedRunStoresNoToken(String fault) {
        TaskId task = task();
        String body = WITH_TOKEN.replace("}", "," + fault + "}");

        Throwable rejection = catchThrowable(() -> rosa.runTask(task, body));

        assertThat(rejection).isNotNull();
        assertThat(engine.backend().runsWithSecrets()).isEmpty();
        assertNoToken(rejection.toString());
        assertNoToken(new String(ErrorBody.of(rejection).toJson(), StandardCharsets.UTF_8));
    }

    @Test
    void theTokenOfAnEndedRunIsErased() {
        TaskId task = task();
        JsonNode recorded =
                rosa.createRun(
                        task,
                        """
                        {"environment":"cloud","pr_authorship_mode":"user",
                         "github_user_token":"%s"}"""
                                .formatted(TOKEN));
        RunId run = WireClient.runId(recorded);

        rosa.updateRun(task, run, "{\"status\":\"cancelled\"}");

        assertThat(secretsOf(run)).isEmpty();
    }

    @Test
    void theTokenOfARunOfADeletedTaskIsErased() {
        TaskId task = task();
        JsonNode recorded =
                rosa.createRun(
                        task,
                        """
                        {"environment":"cloud","pr_authorship_mode":"user",
                         "github_user_token":"%s"}"""
                                .formatted(TOKEN));

        engine.rosas().tasks().delete(task);

        assertThat(secretsOf(WireClient.runId(recorded))).isEmpty();
    }

    @Test
    void noResultContainsTheToken() {
        TaskId task = task();
        RunTaskRequest runTask = WireClient.body(RunTaskRequest.class, WITH_TOKEN);
        CreateRunRequest createRun = WireClient.body(CreateRunRequest.class, WITH_TOKEN);
        TaskWithLatestRun answer = engine.rosas().runs().run(task, runTask, Optional.of("a key"));
        RunId run = answer.latestRun().orElseThrow().id();

        assertNoToken(runTask.toString());
        assertNoToken(createRun.toString());
        assertNoToken(runTask.githubUserSecret().toString());
        assertNoToken(answer.toString());
        assertNoToken(engine.rosas().runs().create(task, createRun).toString());
        assertNoToken(rosa.getTask(task).toString());
        assertNoToken(rosa.getRun(task, run).toString());
        assertNoToken(engine.rosas().runs().readLog(task, run, 0, 100).toString());
        assertNoToken(engine.backend().secrets().find(ACME, run).toString());
        assertNoToken(engine.claimAll().toString());
        assertNoToken(engine.snapshot());
        assertNoToken(engine.closeAndGetListener().events().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"github_user_token\":[\"%s\"]}",
                "{\"github_user_token\":{\"a\":\"%s\"}}",
                "{\"github_user_token\":\"%s\\u0000\"}",
                "{\"github_user_token\":\"%s\"",
                "{\"github_user_token\":\"%s\"}}",
                "{\"github_user_token\":%s}",
                "{\"github_user_token\":\"%s\",\"branch\":7.5,\"mode\":\"x\"}"
            })
    void errorsDoNotQuoteAMalformedBody(String body) {
        Throwable rejection = catchThrowable(() -> rosa.runTask(task(), body.formatted(TOKEN)));

        assertThat(rejection).isNotNull();
        assertNoToken(rejection.toString());
        assertNoToken(new String(ErrorBody.of(rejection).toJson(), StandardCharsets.UTF_8));
        for (Throwable cause = rejection; cause != null; cause = cause.getCause()) {
            assertNoToken(cause.toString());
        }
    }

    /** docs/wire/starting-runs.md#i9 */
    @Test
    void aRestartIsAuthorizedAgainWithoutTheToken() {
        TaskId task = task();
        RunId run = WireClient.latestRunId(rosa.runTask(task, WITH_TOKEN));
        rosa.updateRun(task, run, "{\"environment\":\"local\"}");

        assertThatThrownBy(() -> engine.rosas().runs().resumeInCloud(task, run))
                .isInstanceOfSatisfying(
                        InvalidRequestException.class,
                        rejected ->
                                assertThat(rejected.first())
                                        .isEqualTo(
                                                Violation.of(
                                                        ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                                                        "pr_authorship_mode",
                                                        TOKEN_REQUIRED)));
        assertThat(secretsOf(run)).isNotEmpty();
        engine.directory()
                .lookUpGithub(new TestConnections().usable(ROSA, "acme/mobile", ROSAS_GITHUB));
        engine.rosas().runs().resumeInCloud(task, run);

        assertState(
                task,
                run,
                """
                {"mode":"interactive","pr_authorship_mode":"user","handoff_resumed":true,
                 "github_credential_source":"server_integration"}""");
        assertThat(secretsOf(run)).isEmpty();
        assertThat(rosa.getTask(task).get("github_user_integration").textValue())
                .isEqualTo(ROSAS_GITHUB.toString());
    }

    private static void assertNoToken(String shown) {
        assertThat(shown).doesNotContain(TOKEN).doesNotContain("token-that-must-not-be-shown");
    }

    private Map<String, Secret> secretsOf(RunId run) {
        return engine.backend().secrets().find(ACME, run);
    }

    private void assertState(TaskId task, RunId run, String state) {
        assertThat(rosa.getRun(task, run).get("state")).isEqualTo(json(state));
    }

    private void assertUnauthorized(WireClient caller, TaskId task, String detail) {
        assertRejected(
                () -> caller.runTask(task, AS_USER),
                ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                "pr_authorship_mode",
                detail);
        assertRejected(
                () ->
                        caller.createRun(
                                task,
                                "{\"environment\":\"cloud\",\"pr_authorship_mode\":\"user\"}"),
                ErrorCode.GITHUB_AUTHORIZATION_REQUIRED,
                "pr_authorship_mode",
                detail);
    }

    private WireClient omar() {
        return new WireClient(engine.omars());
    }

    /** Creates a task of Rosa's with a repository and without a connection. */
    private TaskId task() {
        return task("{\"repository\":\"acme/mobile\"}");
    }

    private TaskId taskWith(String member, Object value) {
        return task("{\"repository\":\"acme/mobile\",\"%s\":\"%s\"}".formatted(member, value));
    }

    private TaskId task(String body) {
        TaskId task = WireClient.taskId(rosa.createTask(body));
        if (!body.contains("\"github_integration\"")) {
            rosa.updateTask(task, "{\"github_integration\":null}");
        }
        return task;
    }
}
