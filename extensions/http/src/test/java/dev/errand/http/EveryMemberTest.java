package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.errand.http.Scenes.Scene;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Every member of every request over HTTP, cell by cell: left out, null, empty, of a wrong type,
 * and too long (contract 0, C3, C4, D2 to D10, I2 to I5).
 *
 * <p>A row is a member; with a position in its path it is a place inside a list. The columns are
 * what is sent in its place, in a body that is valid otherwise; a cell is "ok" for success, "-" for
 * what cannot be sent, or a word of {@link #refusal}. Then the longest text that is allowed.
 */
class EveryMemberTest {

    // spotless:off
    private static final String TASK = """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        title                            | ok        | null   | ok      | string  | string  | string  | 255
        title_manually_set               | ok        | null   | boolean | ok      | boolean | boolean | -
        description                      | ok        | null   | ok      | string  | string  | string  | -
        origin_product                   | relation  | null   | choice  | choice  | choice  | choice  | -
        repository                       | ok        | ok     | ok      | string  | string  | string  | 255
        github_integration               | ok        | ok     | integer | integer | integer | integer | -
        github_user_integration          | ok        | ok     | uuid    | uuid    | uuid    | uuid    | -
        signal_report                    | report    | report | uuid    | uuid    | uuid    | uuid    | -
        signal_report_task_relationship  | ok        | null   | choice  | choice  | choice  | choice  | -
        json_schema                      | ok        | ok     | schema  | ok      | ok      | schema  | -
        internal                         | ok        | null   | boolean | ok      | boolean | boolean | -
        ci_prompt                        | ok        | ok     | ok      | string  | string  | string  | -
        """;

    private static final Map<Scenes, String> TABLES = Map.of(
        Scenes.CREATE_TASK, TASK,
        Scenes.UPDATE_TASK, TASK,
        Scenes.RUN_TASK, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        mode                             | ok        | null   | choice  | choice  | choice  | choice  | -
        branch                           | ok        | ok     | blank   | string  | string  | string  | 255
        resume_from_run_id               | ok        | null   | uuid    | uuid    | uuid    | uuid    | -
        pending_user_message             | ok        | null   | ok      | string  | string  | string  | -
        pending_user_artifact_ids        | ok        | null   | list    | list    | list    | ok      | -
        pending_user_artifact_ids__0     | -         | null   | blank   | string  | string  | string  | 128
        pending_user_artifact_ids__1     | -         | null   | blank   | string  | string  | string  | 128
        sandbox_environment_id           | ok        | null   | uuid    | uuid    | uuid    | uuid    | -
        pr_authorship_mode               | ok        | null   | choice  | choice  | choice  | choice  | -
        run_source                       | ok        | null   | choice  | choice  | choice  | choice  | -
        signal_report_id                 | ok        | null   | blank   | string  | string  | string  | -
        runtime_adapter                  | adapter   | null   | choice  | choice  | choice  | choice  | -
        model                            | selection | null   | blank   | string  | string  | string  | -
        reasoning_effort                 | ok        | null   | choice  | choice  | choice  | choice  | -
        github_user_token                | ok        | null   | blank   | string  | string  | string  | -
        initial_permission_mode          | ok        | null   | choice  | choice  | choice  | choice  | -
        """,
        Scenes.CREATE_RUN, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        environment                      | ok        | null   | choice  | choice  | choice  | choice  | -
        mode                             | ok        | null   | choice  | choice  | choice  | choice  | -
        branch                           | ok        | ok     | blank   | string  | string  | string  | 255
        sandbox_environment_id           | ok        | null   | uuid    | uuid    | uuid    | uuid    | -
        pr_authorship_mode               | ok        | null   | choice  | choice  | choice  | choice  | -
        run_source                       | ok        | null   | choice  | choice  | choice  | choice  | -
        signal_report_id                 | ok        | null   | blank   | string  | string  | string  | -
        runtime_adapter                  | adapter   | null   | choice  | choice  | choice  | choice  | -
        model                            | selection | null   | blank   | string  | string  | string  | -
        reasoning_effort                 | ok        | null   | choice  | choice  | choice  | choice  | -
        github_user_token                | ok        | null   | blank   | string  | string  | string  | -
        initial_permission_mode          | ok        | null   | choice  | choice  | choice  | choice  | -
        """,
        Scenes.START_RUN, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        pending_user_message             | ok        | null   | ok      | string  | string  | string  | -
        pending_user_artifact_ids        | ok        | null   | list    | list    | list    | ok      | -
        pending_user_artifact_ids__0     | -         | null   | blank   | string  | string  | string  | 128
        """,
        Scenes.UPDATE_RUN, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        status                           | ok        | null   | choice  | choice  | choice  | choice  | -
        branch                           | ok        | ok     | blank   | string  | string  | string  | 255
        stage                            | ok        | ok     | blank   | string  | string  | string  | 100
        output                           | ok        | ok     | ok      | ok      | ok      | ok      | -
        state                            | ok        | null   | dict    | dict    | ok      | dict    | -
        state_remove_keys                | ok        | null   | list    | list    | list    | empty   | -
        state_remove_keys__0             | -         | null   | blank   | string  | string  | string  | -
        error_message                    | ok        | ok     | ok      | string  | string  | string  | -
        environment                      | ok        | null   | choice  | choice  | choice  | choice  | -
        """,
        Scenes.SET_OUTPUT, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        output                           | required  | null   | ok      | ok      | ok      | ok      | -
        """,
        Scenes.APPEND_LOG, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        entries                          | required  | null   | list    | list    | list    | entry   | -
        entries__2                       | -         | null   | dict    | dict    | ok      | dict    | -
        """,
        Scenes.PREPARE_UPLOADS, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        artifacts                        | required  | null   | list    | list    | list    | least   | -
        artifacts__1                     | -         | null   | object  | object  | name    | object  | -
        artifacts__1__name               | required  | null   | blank   | string  | string  | string  | 255
        artifacts__1__type               | required  | null   | choice  | choice  | choice  | choice  | -
        artifacts__1__source             | ok        | null   | ok      | string  | string  | string  | 64
        artifacts__1__size               | required  | null   | integer | integer | integer | integer | -
        artifacts__1__content_type       | ok        | null   | ok      | string  | string  | string  | 255
        """,
        Scenes.FINALIZE_UPLOADS, """
        member                           | absent    | null   | ""      | true    | {}      | []      | max
        artifacts                        | required  | null   | list    | list    | list    | least   | -
        artifacts__1                     | -         | null   | object  | object  | id      | object  | -
        artifacts__1__id                 | required  | null   | blank   | string  | string  | string  | -
        artifacts__1__name               | required  | null   | blank   | string  | string  | string  | 255
        artifacts__1__type               | required  | null   | choice  | choice  | choice  | choice  | -
        artifacts__1__source             | ok        | null   | ok      | string  | string  | string  | 64
        artifacts__1__storage_path       | required  | null   | blank   | string  | string  | string  | 500
        artifacts__1__content_type       | ok        | null   | ok      | string  | string  | string  | 255
        """);
    // spotless:on

    /** Python's names of the columns' types, which error texts have (contract C3). */
    private static final Map<String, String> TYPES =
            Map.of("\"\"", "str", "true", "bool", "{}", "dict", "[]", "list");

    private static Host host;
    private static Client rosa;

    /** One request of each kind that is only ever refused. */
    private static Map<Scenes, Scene> refused;

    @BeforeAll
    static void start() {
        host = Host.started();
        refused = new EnumMap<>(Scenes.class);
        rosa = host.rosa();
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @TestFactory
    Stream<DynamicNode> everyCell() {
        return Arrays.stream(Scenes.values())
                .map(
                        scene ->
                                DynamicContainer.dynamicContainer(
                                        scene.name(),
                                        Stream.concat(
                                                rows(scene).map(row -> row(scene, row)),
                                                Stream.of(afterEveryRefusal(scene)))));
    }

    /** What was refused so often has used nothing up. */
    private static DynamicTest afterEveryRefusal(Scenes scenes) {
        return DynamicTest.dynamicTest(
                "after every refusal the valid request succeeds",
                () -> assertThat(toBeRefused(scenes).send(rosa).status()).isIn(200, 201));
    }

    private static Scene toBeRefused(Scenes scenes) {
        Scene scene = refused.computeIfAbsent(scenes, kind -> kind.set(host));
        return new Scene(scene.method(), scene.path(), scene.body().deepCopy());
    }

    /** Contract C3: the body itself is of a wrong type. */
    @TestFactory
    Stream<DynamicNode> aBodyIsAnObject() {
        Map<String, String> bodies =
                Map.of(
                        "[]",
                        "list",
                        "\"x\"",
                        "str",
                        "7",
                        "int",
                        "true",
                        "bool",
                        "null",
                        "NoneType");
        return Arrays.stream(Scenes.values())
                .map(
                        scene ->
                                DynamicTest.dynamicTest(
                                        scene.name(),
                                        () ->
                                                bodies.forEach(
                                                        (sent, type) ->
                                                                bodyRefused(scene, sent, type))));
    }

    private static void bodyRefused(Scenes scenes, String sent, String type) {
        Scene scene = toBeRefused(scenes);
        invalid(
                rosa.send(scene.method(), scene.path(), sent),
                null,
                "Invalid data. Expected a dictionary, but got " + type + ".");
    }

    @TestFactory
    Stream<DynamicNode> theTableHasEveryMember() {
        return Arrays.stream(Scenes.values())
                .map(
                        scene ->
                                DynamicTest.dynamicTest(
                                        scene.name(),
                                        () ->
                                                assertThat(members(scene))
                                                        .containsExactlyInAnyOrderElementsOf(
                                                                Reply.members(
                                                                        scene.set(host).body()))));
    }

    private static DynamicContainer row(Scenes scenes, String[] row) {
        String[] sent = cells(TASK.lines().findFirst().orElseThrow());
        int max = row.length - 1;
        List<DynamicTest> cases = new ArrayList<>();
        for (int column = 1; column < max; column++) {
            if (!row[column].equals("-")) {
                cases.add(cell(scenes, row[0], sent[column], row[column]));
            }
        }
        if (!row[max].equals("-")) {
            cases.add(longest(scenes, row[0], Integer.parseInt(row[max])));
        }
        return DynamicContainer.dynamicContainer(row[0], cases);
    }

    private static DynamicTest cell(Scenes scenes, String path, String sent, String cell) {
        return DynamicTest.dynamicTest(
                sent + " -> " + cell,
                () -> {
                    boolean ok = cell.equals("ok");
                    Scene scene = ok ? scenes.set(host) : toBeRefused(scenes);
                    set(scene.body(), path, sent.equals("absent") ? null : Reply.json(sent));

                    Reply reply = scene.send(rosa);

                    if (ok) {
                        assertThat(reply.status()).as(reply.text()).isIn(200, 201);
                    } else {
                        refusal(reply, cell, path, sent);
                    }
                });
    }

    private static DynamicTest longest(Scenes scenes, String path, int max) {
        return DynamicTest.dynamicTest(
                "at most " + max,
                () -> {
                    Scene scene = scenes.set(host);
                    String text = "o/" + "r".repeat(max - 2);
                    set(scene.body(), path, TextNode.valueOf(text + 'r'));
                    scene.send(rosa)
                            .isInvalid(
                                    "max_length",
                                    "Ensure this field has no more than " + max + " characters.",
                                    path);

                    set(scene.body(), path, TextNode.valueOf(text));
                    Reply reply = scene.send(rosa);

                    // An id or a key of that length is none of ours; that is another rule.
                    assertThat(reply.status()).as(reply.text()).isLessThan(500);
                    assertThat(reply.json().path("code").asText()).isNotEqualTo("max_length");
                });
    }

    private static void refusal(Reply reply, String cell, String path, String sent) {
        String type = TYPES.get(sent);
        // spotless:off
        switch (cell) {
            case "required"  -> reply.isInvalid("required", "This field is required.", path);
            case "null"      -> reply.isInvalid("null", "This field may not be null.", path);
            case "blank"     -> reply.isInvalid("blank", "This field may not be blank.", path);
            case "string"    -> invalid(reply, path, "Not a valid string.");
            case "integer"   -> invalid(reply, path, "A valid integer is required.");
            case "boolean"   -> invalid(reply, path, "Must be a valid boolean.");
            case "uuid"      -> invalid(reply, path, "Must be a valid UUID.");
            case "choice"    -> reply.isInvalid("invalid_choice", "\"" + shown(sent) + "\" is not a valid choice.", path);
            case "list"      -> reply.isInvalid("not_a_list", "Expected a list of items but got type \"" + type + "\".", path);
            case "dict"      -> reply.isInvalid("not_a_dict", "Expected a dictionary of items but got type \"" + type + "\".", path);
            case "object"    -> invalid(reply, path, "Invalid data. Expected a dictionary, but got " + type + ".");
            case "empty"     -> reply.isInvalid("empty", "This list may not be empty.", path);
            case "entry"     -> invalid(reply, path, "At least one log entry is required");
            case "least"     -> invalid(reply, path, "At least one artifact is required");
            case "schema"    -> invalid(reply, path, "Must be a valid JSON Schema.");
            case "selection" -> invalid(reply, path, "This field is required when selecting a cloud runtime.");
            case "adapter"   -> invalid(reply, "initial_permission_mode", "This field requires runtime_adapter to be set.");
            case "report"    -> invalid(reply, "signal_report_task_relationship", "Requires signal_report when set.");
            case "relation"  -> invalid(reply, "signal_report_task_relationship", "Requires origin_product signal_report when set.");
            case "id", "name" -> reply.isInvalid("required", "This field is required.", path + "__" + cell);
            default          -> throw new AssertionError("no such word: " + cell);
        }
        // spotless:on
    }

    private static void invalid(Reply reply, String attr, String detail) {
        reply.isInvalid("invalid_input", detail, attr);
    }

    private static String shown(String sent) {
        return switch (sent) {
            case "{}" -> "{...}";
            case "[]" -> "[...]";
            default -> Reply.json(sent).asText();
        };
    }

    /** Puts a value where a path of contract C4 points; null takes the member away. */
    private static void set(ObjectNode body, String path, JsonNode value) {
        String[] steps = path.split("__");
        JsonNode at = body;
        for (String step : Arrays.copyOf(steps, steps.length - 1)) {
            at = at.isArray() ? at.get(Integer.parseInt(step)) : at.get(step);
        }
        String last = steps[steps.length - 1];
        if (at instanceof ArrayNode list) {
            list.set(Integer.parseInt(last), value);
        } else if (value == null) {
            ((ObjectNode) at).remove(last);
        } else {
            ((ObjectNode) at).set(last, value);
        }
    }

    private static List<String> members(Scenes scene) {
        return rows(scene).map(row -> row[0]).filter(name -> !name.contains("__")).toList();
    }

    private static Stream<String[]> rows(Scenes scene) {
        return TABLES.get(scene).lines().skip(1).map(EveryMemberTest::cells);
    }

    private static String[] cells(String line) {
        return line.split("\\s*\\|\\s*");
    }
}
