package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Create, retrieve, update, delete (docs/wire/tasks.md#d2 to #d5). */
class TaskOperationsTest {

    static final String USER =
            """
            {"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "distinct_id": "u-31",
             "first_name": "Rosa", "last_name": "Lind", "email": "rosa@example.com",
             "is_email_verified": true, "hedgehog_config": null,
             "role_at_organization": "engineering"}""";

    @RegisterExtension static final Host host = Host.started();

    private static final Client rosa = host.rosa();

    @Test
    void createReturnsTheDocumentedTask() {
        Reply reply =
                rosa.post(
                        Paths.TASKS,
                        """
                        {"description": "Opening the cart with no items crashes on Android 14.",
                         "repository": "Acme/Mobile", "origin_product": "user_created"}""");

        reply.isJson(201);
        ObjectNode task = (ObjectNode) reply.json();
        Shapes.isTask(task);
        String expected =
                """
                {"id": "%s", "task_number": %d, "slug": "AMA-%d",
                 "title": "Opening the cart with no items crashes on Android 14.",
                 "title_manually_set": false,
                 "description": "Opening the cart with no items crashes on Android 14.",
                 "origin_product": "user_created",
                 "repository": "acme/mobile", "github_integration": 12,
                 "github_user_integration": null, "signal_report": null,
                 "json_schema": null, "internal": false, "latest_run": null,
                 "created_at": "%s", "updated_at": "%s",
                 "created_by": %s, "ci_prompt": null}"""
                        .formatted(
                                task.get("id").asText(),
                                task.get("task_number").asInt(),
                                task.get("task_number").asInt(),
                                host.clock().instant(), // Other tests advance it.
                                host.clock().instant(),
                                USER);
        assertThat(task).isEqualTo(Reply.json(expected));
    }

    @Test
    void createAcceptsAnEmptyBody() {
        for (String body : new String[] {"{}", "", "  "}) {
            JsonNode task = rosa.post(Paths.TASKS, body).isJson(201).json();
            assertThat(task.get("title").asText()).isEmpty();
            assertThat(task.get("title_manually_set").asBoolean()).isFalse();
            assertThat(task.get("origin_product").asText()).isEqualTo("user_created");
        }
    }

    @Test
    void createAcceptsAllMembers() {
        JsonNode task =
                rosa.withoutValidation()
                        .post(
                                Paths.TASKS,
                                """
                                {"title": " Cart ", "title_manually_set": "no", "description": 7,
                                 "origin_product": "signal_report", "repository": "a/b",
                                 "github_integration": "12", "github_user_integration": "%s",
                                 "signal_report": "%s",
                                 "signal_report_task_relationship": "implementation",
                                 "json_schema": {"type": "object"}, "internal": true,
                                 "ci_prompt": "", "unknown": [1]}"""
                                        .formatted(AcmeDirectory.OWN, AcmeDirectory.OWN))
                        .isJson(201)
                        .json();

        Shapes.isTask(task);
        assertThat(task.get("title").asText()).isEqualTo("Cart");
        assertThat(task.get("title_manually_set").asBoolean()).isFalse();
        assertThat(task.get("description").asText()).isEqualTo("7");
        assertThat(task.get("github_user_integration").asText())
                .isEqualTo(AcmeDirectory.OWN.toString());
        assertThat(task.get("json_schema")).isEqualTo(Reply.json("{\"type\": \"object\"}"));
        assertThat(task.get("ci_prompt").asText()).isEmpty();
    }

    @Test
    void createRejectsInvalidMembers() {
        create("{\"internal\": 9, \"title\": null}")
                .isInvalid("null", "This field may not be null.", "title");
        create("{\"github_integration\": 13}")
                .isInvalid(
                        "invalid_input",
                        "Integration must belong to the same team",
                        "github_integration");
        create("[]")
                .isInvalid(
                        "invalid_input",
                        "Invalid data. Expected a dictionary, but got list.",
                        null);
    }

    @Test
    void aParseErrorContainsThePositionButNotTheContent() {
        Reply reply = create("{\"title\": \"planted\" oops}");

        reply.isEnvelope();
        assertThat(reply.status()).isEqualTo(400);
        assertThat(reply.json().get("type").asText()).isEqualTo("invalid_request");
        assertThat(reply.json().get("code").asText()).isEqualTo("parse_error");
        assertThat(reply.json().get("detail").asText())
                .startsWith("JSON parse error - ")
                .doesNotContain("planted");
        assertThat(reply.json().get("attr").isNull()).isTrue();
    }

    @Test
    void retrieveReturnsWhatCreateReturned() {
        JsonNode created = create("{\"title\": \"A\", \"internal\": true}").json();

        JsonNode read = rosa.get(Paths.task(created.get("id").asText())).isJson(200).json();

        assertThat(read).isEqualTo(created);
    }

    @Test
    void retrieveIgnoresQueryParameters() {
        String id = Paths.newTask(rosa);

        rosa.get(Paths.task(id) + "?status=nonsense&created_by=x&limit=0").isJson(200);
        RawHttp.get(host.url(), Paths.task(id) + "?%zz=%", Tokens.ROSA).isJson(200);
    }

    @Test
    void retrieveContainsTheLatestRun() {
        String task = Paths.newTask(rosa);
        String run =
                Paths.newRun(
                        rosa,
                        task,
                        """
                        {"environment": "cloud", "mode": "interactive", "branch": "main",
                         "runtime_adapter": "claude", "model": "claude-opus-4-7",
                         "reasoning_effort": "xhigh", "run_source": "manual",
                         "pr_authorship_mode": "bot"}""");

        JsonNode latest = rosa.get(Paths.task(task)).isJson(200).json().get("latest_run");

        Shapes.isRun(latest);
        assertThat(latest.get("id").asText()).isEqualTo(run);
        assertThat(latest.get("provider").asText()).isEqualTo("anthropic");
        assertThat(latest.get("log_url").asText()).contains("/_logs/7/" + task + "/" + run + "?");
        assertThat(latest.get("state"))
                .isEqualTo(
                        Reply.json(
                                """
                                {"mode": "interactive", "pr_base_branch": "main",
                                 "pr_authorship_mode": "bot", "run_source": "manual",
                                 "runtime_adapter": "claude", "provider": "anthropic",
                                 "model": "claude-opus-4-7", "reasoning_effort": "xhigh"}"""));
    }

    @Test
    void anUnknownTaskIsNotFound() {
        for (String id : new String[] {Paths.MISSING, "7", "not-a-uuid"}) {
            rosa.get(Paths.task(id)).isNotFound();
            rosa.delete(Paths.task(id)).isNotFound();
            rosa.patch(Paths.task(id), "{}").isNotFound();
        }
    }

    @Test
    void updateChangesOnlyTheGivenMembers() {
        JsonNode created =
                create("{\"description\": \"d\", \"repository\": \"a/b\", \"ci_prompt\": \"c\"}")
                        .json();
        String path = Paths.task(created.get("id").asText());
        host.clock().advance(Duration.ofSeconds(1));

        JsonNode updated =
                rosa.patch(
                                path,
                                """
                                {"title": "Cart crash", "id": "x", "task_number": 5,
                                 "json_schema": {"type": "object", "required": ["pr_url"]}}""")
                        .isJson(200)
                        .json();

        ObjectNode expected = created.deepCopy();
        expected.put("title", "Cart crash");
        expected.put("title_manually_set", true);
        expected.set("json_schema", updated.get("json_schema"));
        expected.set("updated_at", updated.get("updated_at"));
        assertThat(updated).isEqualTo(expected);
        assertThat(updated.get("updated_at")).isNotEqualTo(created.get("updated_at"));
        assertThat(updated.get("json_schema"))
                .isEqualTo(Reply.json("{\"type\": \"object\", \"required\": [\"pr_url\"]}"));
        assertThat(rosa.get(path).json()).isEqualTo(updated);
    }

    @Test
    void updateClearsMembersWithNull() {
        String path =
                Paths.task(Paths.newTask(rosa, "{\"repository\": \"a/b\", \"ci_prompt\": \"c\"}"));

        JsonNode updated =
                rosa.patch(
                                path,
                                """
                                {"repository": null, "github_integration": null,
                                 "json_schema": null, "ci_prompt": null}""")
                        .isJson(200)
                        .json();

        assertThat(updated.get("repository").isNull()).isTrue();
        assertThat(updated.get("github_integration").isNull()).isTrue();
        assertThat(updated.get("ci_prompt").isNull()).isTrue();
    }

    @Test
    void updateWithoutABodyHasNoEffect() {
        JsonNode created = create("{\"title\": \"A\"}").json();

        Reply reply = rosa.patch(Paths.task(created.get("id").asText()), "");

        assertThat(reply.isJson(200).json()).isEqualTo(created);
    }

    @Test
    void deleteReturnsNoContentAndThenNotFound() {
        String task = Paths.newTask(rosa);
        String run = Paths.newRun(rosa, task);

        Reply reply = rosa.delete(Paths.task(task));

        assertThat(reply.status()).isEqualTo(204);
        assertThat(reply.bytes()).isEmpty();
        assertThat(reply.header("Content-Type")).isEmpty();
        rosa.delete(Paths.task(task)).isNotFound();
        rosa.get(Paths.task(task)).isNotFound();
        rosa.patch(Paths.task(task), "{}").isNotFound();
        rosa.get(Paths.runs(task)).isTaskNotFound();
        rosa.get(Paths.run(task, run)).isTaskNotFound();
        rosa.post(Paths.task(task) + "run/", "{}").isNotFound();
    }

    private static Reply create(String json) {
        return rosa.post(Paths.TASKS, json);
    }
}
