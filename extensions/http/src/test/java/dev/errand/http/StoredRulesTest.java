package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.spi.ProjectId;
import dev.errand.spi.UserId;
import dev.errand.spi.project.GithubConnections;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@code run/} and {@code runs/} that need stored data (contract D6, D10, E3 to E12).
 */
class StoredRulesTest {

    private static final String AS_USER =
            "{\"environment\": \"cloud\", \"pr_authorship_mode\": \"user\"}";

    private static Host host;
    private static Client rosa;

    private String task;

    @BeforeAll
    static void start() {
        host = Host.started();
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @BeforeEach
    void newTask() {
        task = Paths.newTask(rosa);
    }

    // E5

    @Test
    void onlyARunOfTheSameTaskIsResumed() {
        String ofAnotherTask = Paths.newRun(rosa, Paths.newTask(rosa));
        Client both = host.client(Tokens.ROSA_BOTH);
        String other =
                both.post("/api/projects/8/tasks/", "{}").isJson(201).json().get("id").asText();
        String ofAnotherProject =
                both.post("/api/projects/8/tasks/" + other + "/runs/", "{}")
                        .isJson(201)
                        .json()
                        .get("id")
                        .asText();

        for (String run : List.of(Paths.MISSING, ofAnotherTask, ofAnotherProject)) {
            run("{\"resume_from_run_id\": \"" + run + "\"}")
                    .isInvalid(
                            "invalid_resume_run",
                            "Invalid resume_from_run_id",
                            "resume_from_run_id");
        }
        assertNoRuns();
    }

    @Test
    void anInheritedEffortHasToFitThoughItWasNotSent() {
        String earlier =
                Paths.newRun(
                        rosa,
                        task,
                        """
                        {"runtime_adapter": "claude", "model": "claude-opus-4-6",
                         "reasoning_effort": "max"}""");

        run("""
                        {"resume_from_run_id": "%s", "runtime_adapter": "codex",
                         "model": "gpt-5.4"}"""
                        .formatted(earlier))
                .isInvalid(
                        "invalid_input",
                        "Reasoning effort 'max' is not supported for runtime_adapter 'codex' and"
                                + " model 'gpt-5.4'. Supported values: low, medium, high.",
                        "reasoning_effort");
    }

    @Test
    void anInheritedAdapterDoesNotHelpAPermissionMode() {
        String earlier =
                Paths.newRun(rosa, task, "{\"runtime_adapter\": \"codex\", \"model\": \"m\"}");

        run("""
                        {"resume_from_run_id": "%s", "initial_permission_mode": "auto"}"""
                        .formatted(earlier))
                .isInvalid(
                        "invalid_input",
                        "This field requires runtime_adapter to be set.",
                        "initial_permission_mode");
    }

    // E4

    @Test
    void withoutAPortOnlyATokenHelps() {
        task = Paths.newTask(rosa, "{\"repository\": \"acme/mobile\"}");

        unauthorized(rosa, "github_user_token is required for user-authored cloud runs");
        assertNoRuns();
        rosa.post(Paths.runs(task), AS_USER.replace("cloud", "local")).isJson(201);
        run("{\"pr_authorship_mode\": \"user\", \"github_user_token\": \"ghp_1\"}").isJson(200);
    }

    @Test
    void whoIsNotTheCreatorNeedsAToken() {
        try (Host connected = Host.with().connections(new Connections(true)).start()) {
            task = repositoryWithoutConnection(connected.rosa());

            unauthorized(
                    connected.client(Tokens.TOM),
                    "User-authored runs must be started by the task creator, or provide"
                            + " github_user_token.");
        }
    }

    @Test
    void whoCanLinkAnAccountIsAskedTo() {
        try (Host connected = Host.with().connections(new Connections(true)).start()) {
            task = repositoryWithoutConnection(connected.rosa());

            unauthorized(
                    connected.rosa(),
                    "Link a GitHub account with repo access before running user-authored cloud"
                            + " tasks.");
        }
    }

    @Test
    void whereNobodyCanLinkOneATokenIsAskedFor() {
        try (Host connected = Host.with().connections(new Connections(false)).start()) {
            task = repositoryWithoutConnection(connected.rosa());

            unauthorized(
                    connected.rosa(), "github_user_token is required for user-authored cloud runs");
        }
    }

    /** Nobody is connected; users can be, or cannot. */
    private record Connections(boolean offered) implements GithubConnections {

        @Override
        public Optional<UUID> usableConnection(
                ProjectId project, UserId user, Optional<UUID> preferred, String repository) {
            return Optional.empty();
        }

        @Override
        public boolean offersUserConnections(ProjectId project) {
            return offered;
        }

        @Override
        public boolean hasProjectConnection(ProjectId project) {
            return false;
        }
    }

    private static String repositoryWithoutConnection(Client client) {
        String created = Paths.newTask(client, "{\"repository\": \"acme/mobile\"}");
        client.patch(Paths.task(created), "{\"github_integration\": null}").isJson(200);
        return created;
    }

    private void unauthorized(Client caller, String detail) {
        for (String path : List.of(Paths.task(task) + "run/", Paths.runs(task))) {
            caller.post(path, AS_USER)
                    .isInvalid("github_authorization_required", detail, "pr_authorship_mode");
        }
    }

    // E12

    @Test
    void anEnvironmentThatIsNotThereIsTakenByNeither() {
        String body = "{\"sandbox_environment_id\": \"" + AcmeDirectory.FOREIGN + "\"}";

        for (String path : List.of(Paths.task(task) + "run/", Paths.runs(task))) {
            rosa.post(path, body)
                    .isInvalid(
                            "invalid_sandbox_environment",
                            "Invalid sandbox_environment_id",
                            "sandbox_environment_id");
        }
        assertNoRuns();
    }

    // E11

    @Test
    void everyIdThatCannotBeUsedIsNamedInRequestOrder() {
        String expired = Scenes.staged(host, task);
        host.clock().advance(Duration.ofHours(24));
        String good = Scenes.staged(host, task);
        String used = Scenes.staged(host, task);
        run(ids(used)).isJson(200);
        String foreign = Scenes.staged(host, Paths.newTask(rosa));
        String reserved = Scenes.uploaded(host, task).get("id").asText();

        Reply reply = run(ids(reserved, expired, good, used, "unlike an id", foreign, used));

        reply.isEnvelope();
        ObjectNode expected =
                Reply.JSON
                        .createObjectNode()
                        .put("type", "validation_error")
                        .put("code", "missing_artifacts")
                        .put("detail", "Some pending_user_artifact_ids are invalid or expired")
                        .put("attr", "pending_user_artifact_ids");
        expected.putArray("missing_artifact_ids")
                .add(reserved)
                .add(expired)
                .add(used)
                .add("unlike an id")
                .add(foreign);
        assertThat(reply.json()).isEqualTo(expected);
        assertThat(reply.status()).isEqualTo(400);
        assertThat(rosa.get(Paths.runs(task)).json().get("count").asInt()).isEqualTo(1);
        run(ids(good)).isJson(200);
    }

    @Test
    void startTakesOnlyWhatIsInTheRunsOwnManifest() {
        String own = Scenes.staged(host, task);
        JsonNode run = run(ids(own)).isJson(200).json().get("latest_run");
        String notOnTheRun = Scenes.staged(host, task);
        String path = Paths.run(task, run.get("id").asText()) + "start/";

        Reply reply = rosa.post(path, ids("x", own, notOnTheRun, "x"));

        reply.isEnvelope();
        assertThat(reply.json())
                .isEqualTo(
                        Reply.json(
                                """
                                {"type": "validation_error", "code": "missing_artifacts",
                                 "detail":
                                  "Some pending_user_artifact_ids are invalid for this run",
                                 "attr": "pending_user_artifact_ids",
                                 "missing_artifact_ids": ["x", "%s"]}"""
                                        .formatted(notOnTheRun)));
        assertThat(reply.status()).isEqualTo(400);
    }

    private static String ids(String... ids) {
        return "{\"pending_user_artifact_ids\": [\"" + String.join("\", \"", ids) + "\"]}";
    }

    // the order of D6 and D10

    @Test
    void theFirstRuleThatIsBrokenWins() {
        task = Paths.newTask(rosa, "{\"repository\": \"acme/mobile\"}");
        String earlier =
                Paths.newRun(
                        rosa,
                        task,
                        """
                        {"runtime_adapter": "claude", "model": "claude-opus-4-6",
                         "reasoning_effort": "max"}""");
        ObjectNode body =
                (ObjectNode)
                        Reply.json(
                                """
                                {"resume_from_run_id": "%s", "pr_authorship_mode": "user",
                                 "sandbox_environment_id": "%s", "runtime_adapter": "codex",
                                 "model": "m", "pending_user_artifact_ids": ["nothing"]}"""
                                        .formatted(Paths.MISSING, Paths.MISSING));

        first(run(body.toString()), "invalid_resume_run", "resume_from_run_id");
        body.put("resume_from_run_id", earlier);
        first(run(body.toString()), "invalid_input", "reasoning_effort");
        body.put("reasoning_effort", "low");
        first(run(body.toString()), "github_authorization_required", "pr_authorship_mode");
        body.put("environment", "cloud");
        first(
                rosa.post(Paths.runs(task), body.toString()),
                "github_authorization_required",
                "pr_authorship_mode");
        body.put("github_user_token", "ghp_1");
        first(run(body.toString()), "invalid_sandbox_environment", "sandbox_environment_id");
        first(
                rosa.post(Paths.runs(task), body.toString()),
                "invalid_sandbox_environment",
                "sandbox_environment_id");
        body.remove("sandbox_environment_id");
        first(run(body.toString()), "missing_artifacts", "pending_user_artifact_ids");
        rosa.post(Paths.runs(task), body.toString()).isJson(201);
        body.remove("pending_user_artifact_ids");
        run(body.toString()).isJson(200);
    }

    private static void first(Reply reply, String code, String attr) {
        assertThat(reply.isEnvelope().status()).isEqualTo(400);
        assertThat(reply.json().get("code").asText()).isEqualTo(code);
        assertThat(reply.json().get("attr").asText()).isEqualTo(attr);
    }

    private Reply run(String body) {
        return rosa.post(Paths.task(task) + "run/", body);
    }

    private void assertNoRuns() {
        assertThat(rosa.get(Paths.runs(task)).json().get("count").asInt()).isZero();
    }
}
