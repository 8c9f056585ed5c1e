package dev.errand.internal.wire;

import static dev.errand.internal.wire.Requests.tree;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.errand.error.ErrorCode;
import dev.errand.error.Violation;
import dev.errand.internal.wire.Requests.Outcome;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Validates every member of every request with every kind of value
 * (docs/wire/conventions.md#conventions, docs/wire/errors.md#c3, #c4, docs/wire/tasks.md#d2, #d3,
 * #d4, #d5, docs/wire/starting-runs.md#d6, #d10, #i3, docs/wire/artifacts.md#d7, #d8,
 * docs/wire/runs.md#d9, #i2, #i4, #i11, #l2, docs/wire/logs.md#i5).
 *
 * <p>Each row is a member, in declaration order; a path with an index is an element of a list. The
 * first eight columns are the values that are sent. A cell is the result: "ok", a keyword of {@link
 * #violation}, or "-" if the value cannot be sent. An empty text is also sent as white space. The
 * last two columns are a valid value and the maximum length.
 */
class RequestMembersTest {

    // spotless:off
    private static final Map<Requests, String> TABLES = Map.ofEntries(
        Map.entry(Requests.CREATE_TASK, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            title                            | ok        | null | ok      | string  | string  | ok      | ok      | string  | "Cart crash"                           | 255
            title_manually_set               | ok        | null | boolean | boolean | boolean | boolean | boolean | ok      | false                                  | -
            description                      | ok        | null | ok      | string  | string  | ok      | ok      | string  | "It crashes."                          | -
            origin_product                   | relation  | null | choice  | choice  | choice  | choice  | choice  | choice  | "signal_report"                        | -
            repository                       | ok        | ok   | ok      | string  | string  | form    | form    | string  | "Acme/Mobile"                          | 255
            github_integration               | ok        | ok   | integer | integer | integer | integer | ok      | integer | 12                                     | -
            github_user_integration          | ok        | ok   | uuid    | uuid    | uuid    | uuid    | uuid    | uuid    | "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10" | -
            signal_report                    | report    | report | uuid  | uuid    | uuid    | uuid    | uuid    | uuid    | "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10" | -
            signal_report_task_relationship  | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "implementation"                       | -
            json_schema                      | ok        | ok   | schema  | ok      | schema  | schema  | schema  | ok      | {"type": "object"}                     | -
            internal                         | ok        | null | boolean | boolean | boolean | boolean | boolean | ok      | false                                  | -
            ci_prompt                        | ok        | ok   | ok      | string  | string  | ok      | ok      | string  | "Fix CI."                              | -
            """),
        Map.entry(Requests.RUN_TASK, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            mode                             | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "background"                           | -
            branch                           | ok        | ok   | blank   | string  | string  | ok      | ok      | string  | "main"                                 | 255
            resume_from_run_id               | ok        | null | uuid    | uuid    | uuid    | uuid    | uuid    | uuid    | "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10" | -
            pending_user_message             | ok        | null | ok      | string  | string  | ok      | ok      | string  | "  See the attached spec "             | -
            pending_user_artifact_ids        | ok        | null | list    | list    | ok      | list    | list    | list    | ["9f86d081884c7d659a2feaa0c55ad015"]   | -
            pending_user_artifact_ids__0     | -         | null | blank   | string  | string  | ok      | ok      | string  | "9f86d081884c7d659a2feaa0c55ad015"     | 128
            pending_user_artifact_ids__1     | -         | null | blank   | string  | string  | ok      | ok      | string  | "9f86d081884c7d659a2feaa0c55ad015"     | 128
            sandbox_environment_id           | ok        | null | uuid    | uuid    | uuid    | uuid    | uuid    | uuid    | "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10" | -
            pr_authorship_mode               | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "bot"                                  | -
            run_source                       | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "signal_report"                        | -
            signal_report_id                 | ok        | null | blank   | string  | string  | ok      | ok      | string  | "any text"                             | -
            runtime_adapter                  | adapter   | null | choice  | choice  | choice  | choice  | choice  | choice  | "codex"                                | -
            model                            | selection | null | blank   | string  | string  | ok      | ok      | string  | "gpt-5.4"                              | -
            reasoning_effort                 | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "xhigh"                                | -
            github_user_token                | ok        | null | blank   | string  | string  | ok      | ok      | string  | "ghp_2"                                | -
            initial_permission_mode          | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "acceptEdits"                          | -
            """),
        Map.entry(Requests.CREATE_RUN, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            environment                      | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "local"                                | -
            mode                             | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "background"                           | -
            branch                           | ok        | ok   | blank   | string  | string  | ok      | ok      | string  | "release/2.1"                          | 255
            sandbox_environment_id           | ok        | null | uuid    | uuid    | uuid    | uuid    | uuid    | uuid    | "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b10" | -
            pr_authorship_mode               | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "bot"                                  | -
            run_source                       | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "signal_report"                        | -
            signal_report_id                 | ok        | null | blank   | string  | string  | ok      | ok      | string  | "any text"                             | -
            runtime_adapter                  | adapter   | null | choice  | choice  | choice  | choice  | choice  | choice  | "codex"                                | -
            model                            | selection | null | blank   | string  | string  | ok      | ok      | string  | "claude-opus-4-6"                      | -
            reasoning_effort                 | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "max"                                  | -
            github_user_token                | ok        | null | blank   | string  | string  | ok      | ok      | string  | "ghp_2"                                | -
            initial_permission_mode          | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "plan"                                 | -
            """),
        Map.entry(Requests.START_RUN, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            pending_user_message             | ok        | null | ok      | string  | string  | ok      | ok      | string  | "See the spec."                        | -
            pending_user_artifact_ids        | ok        | null | list    | list    | ok      | list    | list    | list    | ["9f86d081884c7d659a2feaa0c55ad015"]   | -
            pending_user_artifact_ids__0     | -         | null | blank   | string  | string  | ok      | ok      | string  | "9f86d081884c7d659a2feaa0c55ad015"     | 128
            """),
        Map.entry(Requests.COMMAND, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            jsonrpc                          | required  | null | choice  | choice  | choice  | choice  | choice  | choice  | "2.0"                                  | -
            method                           | required  | null | choice  | choice  | choice  | choice  | choice  | choice  | "close"                                | -
            params                           | ok        | null | dict    | ok      | dict    | dict    | dict    | dict    | {"content": "Go on."}                  | -
            id                               | ok        | null | ok      | rpc     | rpc     | ok      | ok      | rpc     | "a-7"                                  | -
            """),
        Map.entry(Requests.CANCEL_RUN, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            reason                           | ok        | ok   | ok      | string  | string  | ok      | ok      | string  | "wrong branch"                         | 500
            only_if_awaiting_first_message   | ok        | null | boolean | boolean | boolean | boolean | boolean | ok      | false                                  | -
            """),
        Map.entry(Requests.UPDATE_RUN, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            status                           | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "completed"                            | -
            branch                           | ok        | ok   | blank   | string  | string  | ok      | ok      | string  | "fix/cart"                             | 255
            stage                            | ok        | ok   | blank   | string  | string  | ok      | ok      | string  | "build"                                | 100
            output                           | ok        | ok   | ok      | ok      | ok      | ok      | ok      | ok      | {"pr_url": "u"}                        | -
            state                            | ok        | null | dict    | ok      | dict    | dict    | dict    | dict    | {"token_usage": {}}                    | -
            state_remove_keys                | ok        | null | list    | list    | empty   | list    | list    | list    | ["pending_user_message"]               | -
            state_remove_keys__0             | -         | null | blank   | string  | string  | ok      | ok      | string  | "pending_user_message"                 | -
            error_message                    | ok        | ok   | ok      | string  | string  | ok      | ok      | string  | "Upstream error"                       | -
            environment                      | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "local"                                | -
            """),
        Map.entry(Requests.SET_OUTPUT, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            output                           | required  | null | ok      | ok      | ok      | ok      | ok      | ok      | {"pr_url": "u"}                        | -
            """),
        Map.entry(Requests.APPEND_LOG, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            entries                          | required  | null | list    | list    | entry   | list    | list    | list    | [{"event_id": "a-7"}]                  | -
            entries__2                       | -         | null | dict    | ok      | dict    | dict    | dict    | dict    | {"event_id": "a-7"}                    | -
            """),
        Map.entry(Requests.PREPARE_UPLOADS, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            artifacts                        | required  | null | list    | list    | least   | list    | list    | list    | [{"name": "a", "type": "plan", "size": 1}] | -
            artifacts__1                     | -         | null | object  | name    | object  | object  | object  | object  | {"name": "a", "type": "plan", "size": 1} | -
            artifacts__1__name               | required  | null | blank   | string  | string  | ok      | ok      | string  | "docs/spec.pdf"                        | 255
            artifacts__1__type               | required  | null | choice  | choice  | choice  | choice  | choice  | choice  | "tree_snapshot"                        | -
            artifacts__1__source             | ok        | null | ok      | string  | string  | ok      | ok      | string  | "agent_output"                         | 64
            artifacts__1__size               | required  | null | integer | integer | integer | integer | ok      | integer | 31457280                               | -
            artifacts__1__content_type       | ok        | null | ok      | string  | string  | ok      | ok      | string  | "text/plain"                           | 255
            """),
        Map.entry(Requests.FINALIZE_UPLOADS, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            artifacts                        | required  | null | list    | list    | least   | list    | list    | list    | [{"id": "i", "name": "a", "type": "plan", "storage_path": "p"}] | -
            artifacts__1                     | -         | null | object  | id      | object  | object  | object  | object  | {"id": "i", "name": "a", "type": "plan", "storage_path": "p"} | -
            artifacts__1__id                 | required  | null | blank   | string  | string  | ok      | ok      | string  | "9f86d081884c7d659a2feaa0c55ad015"     | -
            artifacts__1__name               | required  | null | blank   | string  | string  | ok      | ok      | string  | "docs/spec.pdf"                        | 255
            artifacts__1__type               | required  | null | choice  | choice  | choice  | choice  | choice  | choice  | "tree_snapshot"                        | -
            artifacts__1__source             | ok        | null | ok      | string  | string  | ok      | ok      | string  | "agent_output"                         | 64
            artifacts__1__storage_path       | required  | null | blank   | string  | string  | ok      | ok      | string  | "tasks/artifacts/team_7/spec.pdf"      | 500
            artifacts__1__content_type       | ok        | null | ok      | string  | string  | ok      | ok      | string  | "text/plain"                           | 255
            """),
        Map.entry(Requests.INLINE_UPLOADS, """
            member                           | absent    | null | ""      | {}      | []      | "x"     | 5       | true    | valid                                  | max
            artifacts                        | required  | null | list    | list    | least   | list    | list    | list    | [{"name": "a", "type": "plan", "content": "b"}] | -
            artifacts__1                     | -         | null | object  | inline  | object  | object  | object  | object  | {"name": "a", "type": "plan", "content": "b"} | -
            artifacts__1__name               | required  | null | blank   | string  | string  | ok      | ok      | string  | "docs/spec.pdf"                        | 255
            artifacts__1__type               | required  | null | choice  | choice  | choice  | choice  | choice  | choice  | "tree_snapshot"                        | -
            artifacts__1__source             | ok        | null | ok      | string  | string  | ok      | ok      | string  | "agent_output"                         | 64
            artifacts__1__content            | required  | null | blank   | string  | string  | ok      | ok      | string  | "# Plan"                               | -
            artifacts__1__content_encoding   | ok        | null | choice  | choice  | choice  | choice  | choice  | choice  | "base64"                               | -
            artifacts__1__content_type       | ok        | null | ok      | string  | string  | ok      | ok      | string  | "text/plain"                           | 255
            """));
    // spotless:on

    /** The type names in error texts, which are those of Python (docs/wire/errors.md#c3). */
    private static final Map<String, String> TYPES =
            Map.of(
                    "\"\"", "str",
                    "\" \\t\\u00a0\"", "str",
                    "{}", "dict",
                    "[]", "list",
                    "\"x\"", "str",
                    "5", "int",
                    "true", "bool");

    private static final int SENT_COLUMNS = 8;

    /** A value sent for a member, and the expected cell. */
    private record Case(Requests request, String path, String sent, String cell) {

        Outcome outcome() {
            ObjectNode body = request.body();
            JsonNode value = sent.equals("absent") ? null : tree(sent);
            return request.outcome(Requests.set(body, path, value));
        }

        DynamicTest test() {
            String shown = sent.length() <= 40 ? sent : sent.length() + " characters";
            return DynamicTest.dynamicTest(
                    shown + " -> " + cell,
                    () -> {
                        Outcome outcome = outcome();
                        if (cell.equals("ok")) {
                            assertThat(outcome.violations()).isEmpty();
                        } else {
                            assertThat(outcome.violations())
                                    .containsExactlyElementsOf(violations(cell, path, sent));
                        }
                    });
        }
    }

    @TestFactory
    Stream<DynamicNode> everyCell() {
        return requests()
                .map(
                        request ->
                                DynamicContainer.dynamicContainer(
                                        request.toString(),
                                        rows(request).stream().map(row -> row(request, row))));
    }

    /**
     * The first problem in declaration order is reported, independent of the order in the body
     * (docs/wire/errors.md#c3).
     */
    @TestFactory
    Stream<DynamicNode> problemsAreReportedInDeclaredOrder() {
        return requests()
                .map(
                        request ->
                                DynamicTest.dynamicTest(
                                        request.toString(), () -> reportsInDeclaredOrder(request)));
    }

    @TestFactory
    Stream<DynamicNode> theTableHasEveryMemberInDeclaredOrder() {
        return requests()
                .map(
                        request ->
                                DynamicTest.dynamicTest(
                                        request.toString(),
                                        () ->
                                                assertThat(request.members())
                                                        .containsExactlyElementsOf(
                                                                members(request))));
    }

    private static void reportsInDeclaredOrder(Requests request) {
        List<String> members = members(request);
        for (boolean tooLongWherePossible : List.of(true, false)) {
            List<String> backwards = new ArrayList<>(members);
            Collections.reverse(backwards);
            ObjectNode body = Requests.MAPPER.createObjectNode();
            for (String member : backwards) {
                body.set(member, tree(wrong(request, member, tooLongWherePossible)));
            }
            List<Violation> found = request.outcome(body).violations();
            assertThat(found.stream().map(violation -> violation.attr().orElseThrow()))
                    .containsExactlyElementsOf(
                            members.stream().filter(member -> !takesAnything(member)).toList());
        }
    }

    private static boolean takesAnything(String member) {
        return member.equals("output");
    }

    /** Returns a value that the row rejects: too long if possible, otherwise of the wrong type. */
    private static String wrong(Requests request, String member, boolean tooLongWherePossible) {
        String[] row =
                rows(request).stream()
                        .filter(cells -> cells[0].equals(member))
                        .findFirst()
                        .orElseThrow();
        if (tooLongWherePossible && !row[row.length - 1].equals("-")) {
            return quoted("o/" + "r".repeat(Integer.parseInt(row[row.length - 1])));
        }
        return row[SENT_COLUMNS].equals("ok") ? "5" : "true";
    }

    private static DynamicContainer row(Requests request, String[] row) {
        String[] sent = header();
        List<Case> cases = new ArrayList<>();
        for (int column = 1; column <= SENT_COLUMNS; column++) {
            if (!row[column].equals("-")) {
                cases.add(new Case(request, row[0], sent[column], row[column]));
                if (sent[column].equals("\"\"")) {
                    // White space alone is a file's content, but no other text.
                    String expected = row[0].endsWith("__content") ? "ok" : row[column];
                    cases.add(new Case(request, row[0], "\" \\t\\u00a0\"", expected));
                }
            }
        }
        cases.add(new Case(request, row[0], row[SENT_COLUMNS + 1], "ok"));
        String max = row[SENT_COLUMNS + 2];
        if (!max.equals("-")) {
            int longest = Integer.parseInt(max);
            cases.add(new Case(request, row[0], quoted("o/" + "r".repeat(longest - 2)), "ok"));
            cases.add(
                    new Case(
                            request, row[0], quoted("o/" + "r".repeat(longest - 1)), "max " + max));
        }
        return DynamicContainer.dynamicContainer(row[0], cases.stream().map(Case::test));
    }

    private static List<Violation> violations(String cell, String path, String sent) {
        // spotless:off
        return switch (cell) {
            case "adapter" -> List.of(
                    invalid("initial_permission_mode", "This field requires runtime_adapter to be set."),
                    violation("selection", path, sent));
            case "name"    -> required(path, "name", "type", "size");
            case "id"      -> required(path, "id", "name", "type", "storage_path");
            case "inline"  -> required(path, "name", "type", "content");
            default        -> List.of(violation(cell, path, sent));
        };
        // spotless:on
    }

    private static List<Violation> required(String path, String... members) {
        return Arrays.stream(members)
                .map(member -> violation("required", path + "__" + member, "absent"))
                .toList();
    }

    private static Violation violation(String cell, String path, String sent) {
        String type = TYPES.get(sent);
        // spotless:off
        return switch (cell) {
            case "required"  -> Violation.of(ErrorCode.REQUIRED, path, "This field is required.");
            case "null"      -> Violation.of(ErrorCode.NULL, path, "This field may not be null.");
            case "blank"     -> Violation.of(ErrorCode.BLANK, path, "This field may not be blank.");
            case "string"    -> invalid(path, "Not a valid string.");
            case "integer"   -> invalid(path, "A valid integer is required.");
            case "boolean"   -> invalid(path, "Must be a valid boolean.");
            case "uuid"      -> invalid(path, "Must be a valid UUID.");
            case "choice"    -> Violation.of(ErrorCode.INVALID_CHOICE, path, "\"" + shown(sent) + "\" is not a valid choice.");
            case "list"      -> Violation.of(ErrorCode.NOT_A_LIST, path, "Expected a list of items but got type \"" + type + "\".");
            case "dict"      -> Violation.of(ErrorCode.NOT_A_DICT, path, "Expected a dictionary of items but got type \"" + type + "\".");
            case "object"    -> invalid(path, "Invalid data. Expected a dictionary, but got " + type + ".");
            case "empty"     -> Violation.of(ErrorCode.EMPTY, path, "This list may not be empty.");
            case "entry"     -> invalid(path, "At least one log entry is required");
            case "least"     -> invalid(path, "At least one artifact is required");
            case "schema"    -> invalid(path, "Must be a valid JSON Schema.");
            case "rpc"       -> invalid(path, "id must be a string or number");
            case "form"      -> invalid(path, "Repository must be in the format organization/repository");
            case "selection" -> invalid(path, "This field is required when selecting a cloud runtime.");
            case "report"    -> invalid("signal_report_task_relationship", "Requires signal_report when set.");
            case "relation"  -> invalid("signal_report_task_relationship", "Requires origin_product signal_report when set.");
            default          -> Violation.of(ErrorCode.MAX_LENGTH, path, "Ensure this field has no more than " + cell.substring(4) + " characters.");
        };
        // spotless:on
    }

    private static Violation invalid(String path, String detail) {
        return Violation.of(ErrorCode.INVALID_INPUT, path, detail);
    }

    private static String shown(String sent) {
        return switch (sent) {
            case "{}" -> "{...}";
            case "[]" -> "[...]";
            default -> tree(sent).asText();
        };
    }

    private static Stream<Requests> requests() {
        return Arrays.stream(Requests.values())
                .filter(request -> TABLES.containsKey(request) || request == Requests.UPDATE_TASK);
    }

    private static String[] header() {
        return cells(TABLES.get(Requests.CREATE_TASK).lines().findFirst().orElseThrow());
    }

    private static List<String[]> rows(Requests request) {
        // An update of a task has the members and rules of its creation (docs/wire/tasks.md#d4).
        Requests table = request == Requests.UPDATE_TASK ? Requests.CREATE_TASK : request;
        return TABLES.get(table).lines().skip(1).map(RequestMembersTest::cells).toList();
    }

    private static List<String> members(Requests request) {
        return rows(request).stream()
                .map(row -> row[0])
                .filter(name -> !name.contains("__"))
                .toList();
    }

    private static String[] cells(String line) {
        return line.split("\\s*\\|\\s*");
    }

    private static String quoted(String text) {
        return "\"" + text + "\"";
    }
}
