package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Create, retrieve, update, delete (contract D2 to D5). */
class TaskOperationsTest {

    static final String USER =
            """
            {"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10", "distinct_id": "u-31",
             "first_name": "Rosa", "last_name": "Lind", "email": "rosa@example.com",
             "is_email_verified": true, "hedgehog_config": null,
             "role_at_organization": "engineering"}""";

    /** Bodies that name what is not there, or not the caller's (E7, E9). */
    private static final String STRANGERS =
            """
            {"github_integration": 13}  | invalid_input  | github_integration | Integration must belong to the same team
            {"github_integration": 999} | does_not_exist | github_integration | Invalid pk "999" - object does not exist.
            {"github_user_integration": "22222222-2222-4222-8222-222222222222"} | invalid_input  | github_user_integration | User integration must belong to the authenticated user
            {"github_user_integration": "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46"} | does_not_exist | github_user_integration | Invalid pk "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46" - object does not exist.
            {"signal_report": "22222222-2222-4222-8222-222222222222"} | invalid_input  | signal_report | Signal report must belong to the same team
            {"signal_report": "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46"} | does_not_exist | signal_report | Invalid pk "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46" - object does not exist.
            {"signal_report": "0b7d9a52-8c1f-4f6e-b0a3-5d2c7e9f1a46", "github_integration": 13} | invalid_input | github_integration | Integration must belong to the same team
            """;

    /** Bodies that relate a task to no report, or to one that did not lead to it (E7). */
    private static final String RELATIONS =
            """
            {"signal_report_task_relationship": "implementation"} | invalid_input | signal_report_task_relationship | Requires signal_report when set.
            {"signal_report_task_relationship": "implementation", "origin_product": "signal_report"} | invalid_input | signal_report_task_relationship | Requires signal_report when set.
            {"signal_report_task_relationship": "implementation", "signal_report": "11111111-1111-4111-8111-111111111111"} | invalid_input | signal_report_task_relationship | Requires origin_product signal_report when set.
            {"signal_report_task_relationship": "implementation", "signal_report": "11111111-1111-4111-8111-111111111111", "origin_product": "slack"} | invalid_input | signal_report_task_relationship | Requires origin_product signal_report when set.
            """;

    /** Bodies with what is no repository (E8). */
    private static final String FORMS =
            """
            {"repository": "mobile"}         | invalid_input | repository | Repository must be in the format organization/repository
            {"repository": "/b"}             | invalid_input | repository | Repository must be in the format organization/repository
            {"repository": "a/"}             | invalid_input | repository | Repository must be in the format organization/repository
            {"repository": "a/b/c"}          | invalid_input | repository | Repository must be in the format organization/repository
            {"repository": "https://g.io/a"} | invalid_input | repository | Repository must be in the format organization/repository
            """;

    private static Host host;
    private static Client rosa;

    @BeforeAll
    static void start() {
        host = Host.started();
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @Test
    void createAnswersAsTheContractsExample() {
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
                                host.clock().instant(), // Other tests move it.
                                host.clock().instant(),
                                USER);
        assertThat(task).isEqualTo(Reply.json(expected));
    }

    @Test
    void createWithNothingMakesAnUntitledTask() {
        for (String body : new String[] {"{}", "", "  "}) {
            JsonNode task = rosa.post(Paths.TASKS, body).isJson(201).json();
            assertThat(task.get("title").asText()).isEmpty();
            assertThat(task.get("title_manually_set").asBoolean()).isFalse();
            assertThat(task.get("origin_product").asText()).isEqualTo("user_created");
        }
    }

    @Test
    void createTakesEveryMember() {
        JsonNode task =
                rosa.post(
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
    void createRefusesABadMember() {
        create("{\"title\": null}").isInvalid("null", "This field may not be null.", "title");
        create("{\"title\": {}}").isInvalid("invalid_input", "Not a valid string.", "title");
        create("{\"title\": \"" + "x".repeat(256) + "\"}")
                .isInvalid(
                        "max_length",
                        "Ensure this field has no more than 255 characters.",
                        "title");
        create("{\"title\": \"a\\u0000b\"}")
                .isInvalid("invalid_input", "Null characters are not allowed.", "title");
        create("{\"title_manually_set\": 2}")
                .isInvalid("invalid_input", "Must be a valid boolean.", "title_manually_set");
        create("{\"origin_product\": \"x\"}")
                .isInvalid("invalid_choice", "\"x\" is not a valid choice.", "origin_product");
        create("{\"repository\": \"mobile\"}")
                .isInvalid(
                        "invalid_input",
                        "Repository must be in the format organization/repository",
                        "repository");
        create("{\"github_integration\": 1.5}")
                .isInvalid("invalid_input", "A valid integer is required.", "github_integration");
        create("{\"github_user_integration\": 7}")
                .isInvalid("invalid_input", "Must be a valid UUID.", "github_user_integration");
        create("{\"json_schema\": {\"type\": \"nonsense\"}}")
                .isInvalid("invalid_input", "Must be a valid JSON Schema.", "json_schema");
        create("[]")
                .isInvalid(
                        "invalid_input",
                        "Invalid data. Expected a dictionary, but got list.",
                        null);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = STRANGERS + RELATIONS + FORMS)
    void whatCannotBeNamedIsRefusedByCreateAndUpdate(
            String body, String code, String attr, String detail) {
        String task = Paths.newTask(rosa);
        JsonNode before = rosa.get(Paths.task(task)).json();
        String count = rosa.get(Paths.TASKS + "?limit=1").json().get("count").asText();

        create(body).isInvalid(code, detail, attr);
        rosa.patch(Paths.task(task), body).isInvalid(code, detail, attr);

        assertThat(rosa.get(Paths.task(task)).json()).isEqualTo(before);
        assertThat(rosa.get(Paths.TASKS + "?limit=1").json().get("count").asText())
                .isEqualTo(count);
    }

    @Test
    void malformedJsonSaysWhereAndNotWhat() {
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
    void theFirstFailingMemberInDeclaredOrderIsReported() {
        create("{\"internal\": 9, \"title\": null}")
                .isInvalid("null", "This field may not be null.", "title");
    }

    @Test
    void retrieveAnswersAsCreateDid() {
        JsonNode created = create("{\"title\": \"A\", \"internal\": true}").json();

        JsonNode read = rosa.get(Paths.task(created.get("id").asText())).isJson(200).json();

        assertThat(read).isEqualTo(created);
    }

    @Test
    void retrieveIgnoresEveryQueryParameter() {
        String id = Paths.newTask(rosa);

        rosa.get(Paths.task(id) + "?status=nonsense&created_by=x&limit=0").isJson(200);
        RawHttp.get(host.url(), Paths.task(id) + "?%zz=%", Tokens.ROSA).isJson(200);
    }

    @Test
    void retrieveShowsTheLatestRunWhole() {
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
    void whatIsNotThereIsNotFound() {
        String foreign =
                host.client(Tokens.TOM_OTHER)
                        .post("/api/projects/8/tasks/", "{}")
                        .isJson(201)
                        .json()
                        .get("id")
                        .asText();
        for (String id : new String[] {Paths.MISSING, foreign, "7", "not-a-uuid"}) {
            rosa.get(Paths.task(id)).isNotFound();
            rosa.delete(Paths.task(id)).isNotFound();
            rosa.patch(Paths.task(id), "{}").isNotFound();
        }
    }

    @Test
    void updateChangesWhatItSaysAndNothingElse() {
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
    void updateClearsWithNull() {
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
    void updateWithoutABodyChangesNothing() {
        JsonNode created = create("{\"title\": \"A\"}").json();

        Reply reply = rosa.patch(Paths.task(created.get("id").asText()), "");

        assertThat(reply.isJson(200).json()).isEqualTo(created);
    }

    @Test
    void updateRefusesABadMember() {
        String path = Paths.task(Paths.newTask(rosa));

        rosa.patch(path, "{\"description\": null}")
                .isInvalid("null", "This field may not be null.", "description");
        rosa.patch(path, "{\"signal_report_task_relationship\": \"implementation\"}")
                .isInvalid(
                        "invalid_input",
                        "Requires signal_report when set.",
                        "signal_report_task_relationship");
    }

    @Test
    void deleteAnswersWithNothingOnceAndNotFoundThen() {
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
