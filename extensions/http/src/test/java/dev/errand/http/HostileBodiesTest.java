package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Sends thousands of mutated bodies. Each is accepted, or rejected with an error envelope and
 * without effect; none is a server error.
 */
class HostileBodiesTest {

    private static final long SEED = 20_260_507;
    private static final int BODIES = 5_000;
    private static final int SAMPLE = 20;
    private static final int FORMS = 500;

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();
    private static String task;
    private static String run;

    @BeforeAll
    static void start() {
        renew();
    }

    @Test
    void everyMutatedBodyIsAcceptedOrRejected() {
        HostileBodies bodies = new HostileBodies(SEED);
        int accepted = 0;
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < BODIES; i++) {
                if (i % 200 == 0) {
                    renew();
                }
                ApiOperation operation = operations().get(i % operations().size());
                byte[] body = bodies.next(operation.body());
                List<String> before = i % SAMPLE == 0 ? stored() : List.of();

                Reply reply = send(operation, body);

                String shown = "body " + i + " to " + operation + ": " + shown(body);
                if (reply.status() < 300) {
                    accepted++;
                    assertValid(operation, reply, shown);
                } else {
                    assertThat(reply.status()).as(shown + reply.text()).isBetween(400, 499);
                    reply.isEnvelope();
                    if (i % SAMPLE == 0) {
                        assertThat(stored()).as(shown).isEqualTo(before);
                    }
                }
            }
            assertThat(log.text()).doesNotContain("ERROR ").doesNotContain("Exception");
        }
        assertThat(accepted).as("accepted mutations").isGreaterThan(500);
        rosa.get(Paths.TASKS).isJson(200).json().get("results").forEach(Shapes::isTask);
        rosa.get(Paths.run(task, run)).isJson(200);
    }

    @Test
    void everyMutatedFormIsAcceptedOrRejected() {
        HostileBodies bodies = new HostileBodies(SEED);
        JsonNode form =
                rosa.post(
                                Paths.task(task) + "staged_artifacts/prepare_upload/",
                                "{\"artifacts\": [{\"name\": \"a\", \"type\": \"plan\","
                                        + " \"size\": 1}]}")
                        .isJson(200)
                        .json()
                        .at("/artifacts/0/presigned_post");
        byte[] valid =
                new Multipart().fields(form.get("fields")).file("a/b", new byte[9]).toBytes();
        byte[] type = Multipart.TYPE.getBytes(StandardCharsets.UTF_8);
        try (CapturedLog log = new CapturedLog()) {
            for (int i = 0; i < FORMS; i++) {
                boolean ofType = i % 10 == 0;
                byte[] body = ofType ? valid : bodies.nextOf(valid);
                String contentType = ofType ? printable(bodies.nextOf(type)) : Multipart.TYPE;

                Reply reply =
                        rosa.as(null)
                                .send(
                                        "POST",
                                        "/_objects",
                                        contentType,
                                        BodyPublishers.ofByteArray(body));

                if (reply.status() != 204) {
                    assertThat(reply.status()).as(shown(body) + reply.text()).isBetween(400, 499);
                    reply.isEnvelope();
                }
            }
            assertThat(log.text()).isEmpty();
        }
    }

    /** Replaces the characters that the client library rejects in a header. */
    private static String printable(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).replaceAll("[^ -~]", "?");
    }

    /** Returns the operations that have a body, each with a body that contains every member. */
    private static List<ApiOperation> operations() {
        List<ApiOperation> full = new ArrayList<>();
        for (ApiOperation operation : ApiOperation.all(task, run)) {
            if (operation.hasBody()) {
                full.add(
                        new ApiOperation(
                                operation.name(),
                                operation.method(),
                                operation.path(),
                                operation.scope(),
                                fullBody(operation)));
            }
        }
        return full;
    }

    private static String fullBody(ApiOperation operation) {
        return switch (operation.name()) {
            case "create task", "update task" ->
                    """
                    {"title": "A", "title_manually_set": true, "description": "d",
                     "origin_product": "user_created", "repository": "a/b",
                     "github_integration": 12, "json_schema": {"type": "object"},
                     "internal": false, "ci_prompt": "c"}""";
            case "run task" ->
                    """
                    {"mode": "interactive", "branch": "b", "pending_user_message": "m",
                     "pending_user_artifact_ids": [], "pr_authorship_mode": "bot",
                     "run_source": "manual", "signal_report_id": "s",
                     "runtime_adapter": "claude", "model": "claude-opus-4-7",
                     "reasoning_effort": "max", "github_user_token": "t",
                     "initial_permission_mode": "plan"}""";
            case "create run" ->
                    """
                    {"environment": "cloud", "mode": "background", "branch": "b",
                     "pr_authorship_mode": "bot", "run_source": "manual",
                     "signal_report_id": "s", "runtime_adapter": "codex", "model": "gpt-5.4",
                     "reasoning_effort": "high", "github_user_token": "t",
                     "initial_permission_mode": "auto"}""";
            case "prepare uploads" ->
                    """
                    {"artifacts": [{"name": "a.pdf", "type": "plan", "source": "s", "size": 10,
                      "content_type": "application/pdf"}]}""";
            case "update run" ->
                    """
                    {"status": "in_progress", "branch": "b", "stage": "s",
                     "output": {"pr_url": "u"}, "state": {"mine": 1},
                     "state_remove_keys": ["other"], "error_message": "",
                     "environment": "local"}""";
            case "start run" ->
                    "{\"pending_user_message\": \"m\", \"pending_user_artifact_ids\": []}";
            case "append log" ->
                    """
                    {"entries": [{"type": "notification", "event_id": "e",
                      "notification": {"method": "session/update",
                       "params": {"update": {"sessionUpdate": "agent_message_chunk"}}}}]}""";
            default -> operation.body();
        };
    }

    private static Reply send(ApiOperation operation, byte[] body) {
        return rosa.withoutValidation()
                .send(
                        operation.method(),
                        operation.path(),
                        "application/json",
                        BodyPublishers.ofByteArray(body));
    }

    private static void assertValid(ApiOperation operation, Reply reply, String shown) {
        assertThat(reply.header("Content-Type")).as(shown).isEqualTo("application/json");
        JsonNode json = reply.json();
        if (json.has("task_number")) {
            Shapes.isTask(json);
        } else if (json.has("environment")) {
            Shapes.isRun(json);
        } else {
            assertThat(json.has("artifacts") || json.has("status") || json.has("results"))
                    .as(operation + shown)
                    .isTrue();
        }
    }

    /** Returns all data that the bodies could change. */
    private static List<String> stored() {
        return List.of(
                rosa.get(Paths.TASKS + "?limit=2").text(),
                rosa.get(Paths.TASKS + "?internal=true&limit=1").text(),
                rosa.get(Paths.task(task)).text(),
                rosa.get(Paths.runs(task) + "?limit=2").text(),
                rosa.get(Paths.run(task, run)).text(),
                rosa.get(Paths.run(task, run) + "session_logs/?limit=1").header("X-Total-Count"));
    }

    /** Creates a new task and run, before accepted bodies make the old ones large or end them. */
    private static void renew() {
        task = Paths.newTask(rosa);
        run = Paths.newRun(rosa, task, "{\"environment\": \"cloud\"}");
    }

    private static String shown(byte[] body) {
        String text = new String(body, StandardCharsets.UTF_8);
        return text.length() <= 400 ? text : text.substring(0, 400) + "...";
    }
}
