package dev.errand.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which adapter, model, effort and permission mode go together, cell by cell, on {@code run/} and
 * on {@code runs/} (contract E1 to E3).
 */
class RuntimeSelectionTest {

    private static final List<String> EFFORTS = List.of("low", "medium", "high", "xhigh", "max");

    /** Contract E3, with ids for its "any other" rows. */
    private static final String SUPPORTED =
            """
            claude | claude-opus-4-5   | low, medium, high
            claude | claude-opus-4-6   | low, medium, high, xhigh, max
            claude | claude-opus-4-7   | low, medium, high, xhigh, max
            claude | claude-sonnet-4-6 | low, medium, high
            claude | claude-sonnet-4-5 | none
            claude | claude-haiku-4-5  | none
            claude | gpt-5.4           | none
            codex  | gpt-5.4           | low, medium, high
            codex  | claude-opus-4-6   | low, medium, high
            """;

    private static final List<String> MODES =
            List.of(
                    "default",
                    "acceptEdits",
                    "plan",
                    "bypassPermissions",
                    "auto",
                    "read-only",
                    "full-access");

    /** Contract B9. */
    private static final String ALLOWED =
            """
            claude | claude-opus-4-6 | default, acceptEdits, plan, bypassPermissions, auto
            codex  | gpt-5.4         | auto, read-only, full-access
            """;

    private static Host host;
    private static Client rosa;
    private static String task;

    /** One model of one adapter, and what goes with both. */
    private record Row(String adapter, String model, String with) {

        static Stream<Row> of(String table) {
            return table.lines()
                    .map(line -> line.split("\\s*\\|\\s*"))
                    .map(cells -> new Row(cells[0], cells[1], cells[2]));
        }

        boolean has(String value) {
            return List.of(with.split(", ")).contains(value);
        }

        String quoted() {
            return "'" + with.replace(", ", "', '") + "'";
        }
    }

    private record Cell(Row row, String value) {

        @Override
        public String toString() {
            return row.adapter + " " + row.model + " " + value;
        }
    }

    static Stream<Cell> efforts() {
        return Row.of(SUPPORTED).flatMap(row -> EFFORTS.stream().map(it -> new Cell(row, it)));
    }

    static Stream<Cell> modes() {
        return Row.of(ALLOWED).flatMap(row -> MODES.stream().map(it -> new Cell(row, it)));
    }

    @BeforeAll
    static void start() {
        host = Host.started();
        rosa = host.rosa();
        task = Paths.newTask(rosa);
    }

    @AfterAll
    static void stop() {
        host.close();
    }

    @ParameterizedTest
    @MethodSource("efforts")
    void anEffortGoesWithItsModels(Cell cell) {
        Row row = cell.row;
        ObjectNode body = selection(row).put("reasoning_effort", cell.value);

        for (boolean runs : new boolean[] {true, false}) {
            Reply reply = send(runs, body);
            if (row.has(cell.value)) {
                JsonNode run = made(runs, reply);
                assertThat(run.get("reasoning_effort").asText()).isEqualTo(cell.value);
                assertThat(run.get("model").asText()).isEqualTo(row.model);
                assertThat(run.get("provider").asText())
                        .isEqualTo(row.adapter.equals("claude") ? "anthropic" : "openai");
            } else {
                reply.isInvalid(
                        "invalid_input",
                        "Reasoning effort '%s' is not supported for runtime_adapter '%s' and model '%s'. Supported values: %s."
                                .formatted(cell.value, row.adapter, row.model, row.with),
                        "reasoning_effort");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aPermissionModeGoesWithItsAdapters(Cell cell) {
        Row row = cell.row;
        ObjectNode body = selection(row).put("initial_permission_mode", cell.value);

        for (boolean runs : new boolean[] {true, false}) {
            Reply reply = send(runs, body);
            if (row.has(cell.value)) {
                assertThat(made(runs, reply).at("/state/initial_permission_mode").asText())
                        .isEqualTo(cell.value);
            } else {
                reply.isInvalid(
                        "invalid_input",
                        "Invalid choice '%s' for runtime_adapter '%s'. Supported values: %s."
                                .formatted(cell.value, row.adapter, row.quoted()),
                        "initial_permission_mode");
            }
        }
    }

    @ParameterizedTest
    @MethodSource("modes")
    void aPermissionModeNeedsAnAdapter(Cell cell) {
        for (boolean runs : new boolean[] {true, false}) {
            send(runs, Reply.JSON.createObjectNode().put("initial_permission_mode", cell.value))
                    .isInvalid(
                            "invalid_input",
                            "This field requires runtime_adapter to be set.",
                            "initial_permission_mode");
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    adapter | model | effort | missing
                            |       |        |
                            |       | low    | runtime_adapter
                            | m     |        | runtime_adapter
                            | m     | low    | runtime_adapter
                    codex   |       |        | model
                    codex   |       | low    | model
                    codex   | m     |        |
                    codex   | m     | low    |
                    """,
            useHeadersInDisplayName = true)
    void whatIsSelectedIsSelectedWhole(String adapter, String model, String effort, String attr) {
        ObjectNode body = Reply.JSON.createObjectNode();
        putIfGiven(body, "runtime_adapter", adapter);
        putIfGiven(body, "model", model);
        putIfGiven(body, "reasoning_effort", effort);

        for (boolean runs : new boolean[] {true, false}) {
            Reply reply = send(runs, body);
            if (attr == null) {
                made(runs, reply);
            } else {
                reply.isInvalid(
                        "invalid_input",
                        "This field is required when selecting a cloud runtime.",
                        attr);
            }
        }
    }

    private static void putIfGiven(ObjectNode body, String member, String value) {
        if (value != null) {
            body.put(member, value);
        }
    }

    private static ObjectNode selection(Row row) {
        return Reply.JSON
                .createObjectNode()
                .put("runtime_adapter", row.adapter)
                .put("model", row.model);
    }

    private static Reply send(boolean runs, ObjectNode body) {
        return rosa.post(runs ? Paths.runs(task) : Paths.task(task) + "run/", body.toString());
    }

    private static JsonNode made(boolean runs, Reply reply) {
        return runs ? reply.isJson(201).json() : reply.isJson(200).json().get("latest_run");
    }
}
