package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Routes of runs: run a task, list, create, read, update, start, set output
 * (docs/wire/starting-runs.md#d6, #d10, #i3, docs/wire/runs.md#d9, #i1, #i2, #i4).
 */
class RunOperationsTest {

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    // run/

    @Test
    void runReturnsTheTaskWithItsQueuedRun() {
        String task = Paths.newTask(rosa);

        JsonNode answer =
                rosa.post(
                                Paths.task(task) + "run/",
                                """
                                {"mode": "interactive", "branch": "main",
                                 "runtime_adapter": "codex", "model": "gpt-5.4",
                                 "reasoning_effort": "high", "initial_permission_mode": "auto",
                                 "pending_user_message": "  See the attached spec "}""")
                        .isJson(200)
                        .json();

        Shapes.isTask(answer);
        JsonNode run = answer.get("latest_run");
        assertThat(run)
                .isEqualTo(
                        Reply.json(
                                """
                                {"id": %s, "task": "%s", "stage": null, "branch": "main",
                                 "status": "queued", "environment": "cloud",
                                 "runtime_adapter": "codex", "provider": "openai",
                                 "model": "gpt-5.4", "reasoning_effort": "high", "log_url": %s,
                                 "error_message": null, "output": null,
                                 "state": {"mode": "interactive",
                                   "pending_user_message": "See the attached spec",
                                   "initial_permission_mode": "auto", "pr_base_branch": "main",
                                   "runtime_adapter": "codex", "provider": "openai",
                                   "model": "gpt-5.4", "reasoning_effort": "high"},
                                 "artifacts": [], "created_at": %s, "updated_at": %s,
                                 "completed_at": null}"""
                                        .formatted(
                                                run.get("id"),
                                                task,
                                                run.get("log_url"),
                                                run.get("created_at"),
                                                run.get("updated_at"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", ""})
    void runAcceptsAnEmptyBody(String body) {
        String task = Paths.newTask(rosa);

        JsonNode run = Paths.queued(rosa, task, body);

        assertThat(run.get("state")).isEqualTo(Reply.json("{\"mode\": \"background\"}"));
    }

    @Test
    void runRejectsAnInvalidMember() {
        String path = Paths.task(Paths.newTask(rosa)) + "run/";

        rosa.post(path, "{\"mode\": \"x\"}")
                .isInvalid("invalid_choice", "\"x\" is not a valid choice.", "mode");
        rosa.post(path, "{\"pending_user_artifact_ids\": [\"a\", \" \"]}")
                .isInvalid("blank", "This field may not be blank.", "pending_user_artifact_ids__1");
    }

    @Test
    void runRejectsReferencesToUnknownObjects() {
        String path = Paths.task(Paths.newTask(rosa, "{\"repository\": \"a/b\"}")) + "run/";

        rosa.post(path, "{\"resume_from_run_id\": \"" + Paths.MISSING + "\"}")
                .isInvalid(
                        "invalid_resume_run", "Invalid resume_from_run_id", "resume_from_run_id");
        rosa.post(path, "{\"sandbox_environment_id\": \"" + Paths.MISSING + "\"}")
                .isInvalid(
                        "invalid_sandbox_environment",
                        "Invalid sandbox_environment_id",
                        "sandbox_environment_id");
        rosa.post(path, "{\"pr_authorship_mode\": \"user\"}")
                .isInvalid(
                        "github_authorization_required",
                        "github_user_token is required for user-authored cloud runs",
                        "pr_authorship_mode");
        Reply missing =
                rosa.post(path, "{\"pending_user_artifact_ids\": [\"b\", \"9f86d0\", \"b\"]}");
        missing.isEnvelope();
        assertThat(missing.json())
                .isEqualTo(
                        Reply.json(
                                """
                                {"type": "validation_error", "code": "missing_artifacts",
                                 "detail":
                                  "Some pending_user_artifact_ids are invalid or expired",
                                 "attr": "pending_user_artifact_ids",
                                 "missing_artifact_ids": ["b", "9f86d0"]}"""));
        assertThat(rosa.get(path.replace("run/", "runs/")).json().get("count").asInt()).isZero();
    }

    @Test
    void runNeedsATask() {
        rosa.post(Paths.task(Paths.MISSING) + "run/", "{}").isNotFound();
        rosa.post(Paths.task("x") + "run/", "{}").isNotFound();
        rosa.post(Paths.task(Paths.MISSING) + "run/", "{\"mode\": 1}")
                .isInvalid("invalid_choice", "\"1\" is not a valid choice.", "mode");
    }

    // runs/

    @Test
    void createReturnsTheDocumentedRun() {
        String task = Paths.newTask(rosa);

        JsonNode run =
                rosa.post(
                                Paths.runs(task),
                                """
                                {"environment": "cloud", "mode": "interactive",
                                 "branch": "release/2.1", "runtime_adapter": "claude",
                                 "model": "claude-opus-4-6", "reasoning_effort": "max",
                                 "initial_permission_mode": "plan", "run_source": "manual",
                                 "pending_user_message": "ignored"}""")
                        .isJson(201)
                        .json();

        assertThat(run)
                .isEqualTo(
                        Reply.json(
                                """
                                {"id": %s, "task": "%s", "stage": null, "branch": "release/2.1",
                                 "status": "not_started", "environment": "cloud",
                                 "runtime_adapter": "claude", "provider": "anthropic",
                                 "model": "claude-opus-4-6", "reasoning_effort": "max",
                                 "log_url": %s, "error_message": null, "output": null,
                                 "state": {"mode": "interactive",
                                   "initial_permission_mode": "plan",
                                   "pr_base_branch": "release/2.1", "run_source": "manual",
                                   "runtime_adapter": "claude", "provider": "anthropic",
                                   "model": "claude-opus-4-6", "reasoning_effort": "max"},
                                 "artifacts": [], "created_at": %s, "updated_at": %s,
                                 "completed_at": null}"""
                                        .formatted(
                                                run.get("id"),
                                                task,
                                                run.get("log_url"),
                                                run.get("created_at"),
                                                run.get("updated_at"))));
    }

    @Test
    void createDefaultsToALocalRun() {
        String task = Paths.newTask(rosa);

        JsonNode run = rosa.post(Paths.runs(task), "").isJson(201).json();

        assertThat(run.get("environment").asText()).isEqualTo("local");
        assertThat(run.get("status").asText()).isEqualTo("not_started");
    }

    @Test
    void createRejectsAnInvalidMemberAndAnUnknownTask() {
        String path = Paths.runs(Paths.newTask(rosa));

        rosa.post(path, "{\"environment\": \"x\"}")
                .isInvalid("invalid_choice", "\"x\" is not a valid choice.", "environment");
        rosa.post(Paths.runs(Paths.MISSING), "{}").isTaskNotFound();
        rosa.post(Paths.runs("x"), "{}").isTaskNotFound();
    }

    @Test
    void listReturnsRunsNewestFirstInPages() {
        String task = Paths.newTask(rosa);
        String first = Paths.newRun(rosa, task);
        host.clock().advance(Duration.ofSeconds(1));
        String second = Paths.newRun(rosa, task);
        String url = host.url().resolve(Paths.runs(task)).toString();

        JsonNode page = rosa.get(Paths.runs(task) + "?limit=1&status=ignored").isJson(200).json();

        Shapes.isPage(page);
        assertThat(page.get("count").asInt()).isEqualTo(2);
        assertThat(page.get("results")).hasSize(1);
        Shapes.isRun(page.get("results").get(0));
        assertThat(page.get("results").get(0).get("id").asText()).isEqualTo(second);
        assertThat(page.get("next").asText()).isEqualTo(url + "?status=ignored&limit=1&offset=1");
        JsonNode rest = rosa.get(page.get("next").asText()).isJson(200).json();
        assertThat(rest.get("results").get(0).get("id").asText()).isEqualTo(first);
        assertThat(rest.get("previous").asText()).isEqualTo(url + "?status=ignored&limit=1");
        assertThat(rest.get("next").isNull()).isTrue();
    }

    @Test
    void listRejectsAnUnknownTask() {
        rosa.get(Paths.runs(Paths.MISSING)).isTaskNotFound();
        rosa.get(Paths.runs("1")).isTaskNotFound();
    }

    // runs/{id}/

    @Test
    void retrieveReturnsTheRun() {
        String task = Paths.newTask(rosa);
        JsonNode created = rosa.post(Paths.runs(task), "{}").isJson(201).json();

        JsonNode read = rosa.get(Paths.run(task, created.get("id").asText())).isJson(200).json();

        assertThat(read).isEqualTo(created);
    }

    @Test
    void aRunIsFoundOnlyUnderItsOwnTask() {
        String task = Paths.newTask(rosa);
        String run = Paths.newRun(rosa, task);
        String other = Paths.newTask(rosa);

        for (String method : new String[] {"GET", "PATCH"}) {
            rosa.send(method, Paths.run(other, run), "{}").isNotFound();
            rosa.send(method, Paths.run(task, Paths.MISSING), "{}").isNotFound();
            rosa.send(method, Paths.run(task, "x"), "{}").isNotFound();
            rosa.send(method, Paths.run(Paths.MISSING, run), "{}").isTaskNotFound();
            rosa.send(method, Paths.run("x", "y"), "{}").isTaskNotFound();
        }
    }

    @Test
    void updateMergesAndReplacesMembers() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task));
        rosa.patch(path, "{\"output\": {\"a\": 1, \"b\": 2}, \"state\": {\"x\": 1, \"y\": 2}}")
                .isJson(200);

        JsonNode run =
                rosa.patch(
                                path,
                                """
                                {"status": "in_progress", "branch": "fix/it", "stage": "build",
                                 "output": {"b": 3}, "state": {"z": [1]},
                                 "state_remove_keys": ["x"], "error_message": ""}""")
                        .isJson(200)
                        .json();

        Shapes.isRun(run);
        assertThat(run.get("status").asText()).isEqualTo("in_progress");
        assertThat(run.get("branch").asText()).isEqualTo("fix/it");
        assertThat(run.get("stage").asText()).isEqualTo("build");
        assertThat(run.get("output")).isEqualTo(Reply.json("{\"a\": 1, \"b\": 3}"));
        assertThat(run.get("state"))
                .isEqualTo(Reply.json("{\"mode\": \"background\", \"y\": 2, \"z\": [1]}"));
        assertThat(run.get("error_message").asText()).isEmpty();
        assertThat(run.get("completed_at").isNull()).isTrue();
        assertThat(rosa.get(path).json()).isEqualTo(run);
    }

    @Test
    void anEmptyUpdateHasNoEffect() {
        String task = Paths.newTask(rosa);
        JsonNode created = rosa.post(Paths.runs(task), "{}").json();

        JsonNode run =
                rosa.patch(Paths.run(task, created.get("id").asText()), "").isJson(200).json();

        assertThat(run).isEqualTo(created);
    }

    @Test
    void aTerminalRunKeepsItsStatusButAcceptsOtherMembers() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task));
        JsonNode ended = rosa.patch(path, "{\"status\": \"completed\"}").isJson(200).json();
        assertThat(ended.get("completed_at").isNull()).isFalse();

        rosa.patch(path, "{\"status\": \"in_progress\", \"branch\": \"late\"}")
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "invalid_status_transition",
                        "Cannot change status from completed to in_progress",
                        "status");

        JsonNode late = rosa.patch(path, "{\"branch\": \"fix\"}").isJson(200).json();
        assertThat(late.get("branch").asText()).isEqualTo("fix");
        assertThat(late.get("completed_at")).isEqualTo(ended.get("completed_at"));
    }

    @Test
    void updateRejectsAnInvalidMember() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task));

        rosa.patch(path, "{\"state_remove_keys\": []}")
                .isInvalid("empty", "This list may not be empty.", "state_remove_keys");
    }

    // start/

    @Test
    void startQueuesACloudRunAndReturnsTheTask() {
        String task = Paths.newTask(rosa);
        String run = Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}");

        JsonNode answer =
                rosa.post(Paths.run(task, run) + "start/", "{\"pending_user_message\": \" Go \"}")
                        .isJson(200)
                        .json();

        Shapes.isTask(answer);
        assertThat(answer.get("latest_run").get("status").asText()).isEqualTo("queued");
        assertThat(answer.get("latest_run").get("state").get("pending_user_message").asText())
                .isEqualTo("Go");
        rosa.post(Paths.run(task, run) + "start/", "").isJson(200);
    }

    @Test
    void startRejectsARunThatCannotBeStarted() {
        String task = Paths.newTask(rosa);
        String local = Paths.run(task, Paths.newRun(rosa, task));
        String ended = Paths.run(task, Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}"));
        rosa.patch(ended, "{\"status\": \"failed\"}").isJson(200);
        String cloud = Paths.run(task, Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}"));

        rosa.post(local + "start/", "{}")
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "not_startable",
                        "Only cloud runs can be started via this endpoint",
                        null);
        rosa.post(ended + "start/", "{}")
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "not_startable",
                        "Only queued or not_started cloud runs can be started"
                                + " (current status: failed)",
                        null);
        Reply missing = rosa.post(cloud + "start/", "{\"pending_user_artifact_ids\": [\"a\"]}");
        missing.isEnvelope();
        assertThat(missing.json())
                .isEqualTo(
                        Reply.json(
                                """
                                {"type": "validation_error", "code": "missing_artifacts",
                                 "detail":
                                  "Some pending_user_artifact_ids are invalid for this run",
                                 "attr": "pending_user_artifact_ids",
                                 "missing_artifact_ids": ["a"]}"""));
        rosa.post(cloud + "start/", "{\"pending_user_message\": null}")
                .isInvalid("null", "This field may not be null.", "pending_user_message");
        rosa.post(Paths.run(task, "x") + "start/", "{}").isNotFound();
        rosa.post(Paths.run("x", "y") + "start/", "{}").isTaskNotFound();
    }

    // resume_in_cloud/

    @Test
    void resumeInCloudReturnsTheQueuedRun() {
        String task = Paths.newTask(rosa);
        String run = Paths.run(task, Paths.newRun(rosa, task));
        rosa.patch(run, "{\"status\": \"failed\", \"error_message\": \"e\"}").isJson(200);

        JsonNode restarted = rosa.post(run + "resume_in_cloud/", "").isJson(200).json();

        Shapes.isRun(restarted);
        assertThat(restarted.get("status").asText()).isEqualTo("queued");
        assertThat(restarted.get("environment").asText()).isEqualTo("cloud");
        assertThat(restarted.get("error_message").isNull()).isTrue();
        assertThat(restarted.get("completed_at").isNull()).isTrue();
        assertThat(restarted.get("state"))
                .isEqualTo(Reply.json("{\"mode\": \"interactive\", \"handoff_resumed\": true}"));
        rosa.post(run + "resume_in_cloud/", "")
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "already_active",
                        "Run is already active in cloud",
                        null);
        rosa.post(Paths.run(task, "x") + "resume_in_cloud/", "").isNotFound();
        rosa.post(Paths.run("x", "y") + "resume_in_cloud/", "").isTaskNotFound();
    }

    // cancel/

    @Test
    void cancelIsAnsweredWithTheRunAndItsRepetitionWithTheSameRun() {
        String task = Paths.newTask(rosa);
        String run = Paths.run(task, Paths.queued(rosa, task, "{}").get("id").asText()) + "cancel/";

        JsonNode cancelled = rosa.post(run, "{\"reason\": \" wrong branch \"}").isJson(202).json();
        JsonNode repeated = rosa.post(run, "").isJson(200).json();

        Shapes.isRun(cancelled);
        assertThat(cancelled.get("status").asText()).isEqualTo("cancelled");
        assertThat(cancelled.get("error_message").asText()).isEqualTo("wrong branch");
        assertThat(cancelled.get("state").get("cancel_source").asText()).isEqualTo("api");
        assertThat(repeated).isEqualTo(cancelled);
    }

    @Test
    void cancelRejectsLocalRunsAndInvalidRequests() {
        String task = Paths.newTask(rosa);
        String local = Paths.run(task, Paths.newRun(rosa, task));
        String queued = Paths.run(task, Paths.queued(rosa, task, "{}").get("id").asText());

        rosa.post(local + "cancel/", "{}")
                .isErrorWithErrorMember(
                        400,
                        "validation_error",
                        "not_cancellable",
                        "Only cloud runs can be cancelled via this endpoint",
                        null);
        rosa.post(local + "cancel/", "{\"only_if_awaiting_first_message\": true}").isJson(400);
        JsonNode unchanged =
                rosa.post(queued + "cancel/", "{\"only_if_awaiting_first_message\": true}")
                        .isJson(200)
                        .json();
        assertThat(unchanged.get("status").asText()).isEqualTo("queued");
        rosa.post(queued + "cancel/", "{\"reason\": \"" + "x".repeat(501) + "\"}")
                .isInvalid(
                        "max_length",
                        "Ensure this field has no more than 500 characters.",
                        "reason");
        rosa.post(Paths.run(task, "x") + "cancel/", "").isNotFound();
        rosa.post(Paths.run("x", "y") + "cancel/", "").isTaskNotFound();
        rosa.patch(local, "{\"status\": \"completed\"}").isJson(200);
        rosa.post(local + "cancel/", "").isJson(200);
    }

    // set_output/

    @Test
    void setOutputReplacesTheOutput() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task));
        rosa.patch(path, "{\"output\": {\"a\": 1}}").isJson(200);

        JsonNode run =
                rosa.patch(path + "set_output/", "{\"output\": {\"b\": 2}}").isJson(200).json();

        Shapes.isRun(run);
        assertThat(run.get("output")).isEqualTo(Reply.json("{\"b\": 2}"));
        assertThat(run.get("status").asText()).isEqualTo("not_started");
        for (String output : new String[] {"[1]", "\"text\"", "0", "false", "1.50"}) {
            JsonNode other =
                    rosa.patch(path + "set_output/", "{\"output\": " + output + "}")
                            .isJson(200)
                            .json();
            assertThat(other.get("output")).isEqualTo(Reply.json(output));
        }
    }

    @Test
    void setOutputThatSatisfiesTheSchemaCompletesTheRun() {
        String task =
                Paths.newTask(
                        rosa,
                        "{\"json_schema\": {\"type\": \"object\", \"required\": [\"pr_url\"]}}");
        String path = Paths.run(task, Paths.newRun(rosa, task)) + "set_output/";

        Reply refused = rosa.patch(path, "{\"output\": {}}");
        refused.isEnvelope();
        assertThat(refused.status()).isEqualTo(400);
        assertThat(refused.json().get("code").asText()).isEqualTo("output_invalid");
        assertThat(refused.json().get("attr").asText()).isEqualTo("output");
        assertThat(refused.json().get("detail").asText())
                .startsWith("Output validation error: ")
                .isEqualTo(refused.json().get("error").asText());

        JsonNode run = rosa.patch(path, "{\"output\": {\"pr_url\": \"u\"}}").isJson(200).json();
        assertThat(run.get("status").asText()).isEqualTo("completed");
        assertThat(run.get("completed_at").isNull()).isFalse();
    }

    @Test
    void setOutputRequiresAnOutput() {
        String task = Paths.newTask(rosa);
        String path = Paths.run(task, Paths.newRun(rosa, task)) + "set_output/";

        rosa.patch(path, "").isInvalid("required", "This field is required.", "output");
    }
}
