package dev.errand.run;

import static dev.errand.spi.run.ReasoningEffort.HIGH;
import static dev.errand.spi.run.ReasoningEffort.LOW;
import static dev.errand.spi.run.ReasoningEffort.MAX;
import static dev.errand.spi.run.RuntimeAdapter.CLAUDE;
import static dev.errand.spi.run.RuntimeAdapter.CODEX;
import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.profile.ApiProfile;
import dev.errand.spi.run.ReasoningEffort;
import dev.errand.spi.run.RuntimeAdapter;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ReasoningEffortsTest {

    /** docs/wire/runtime-selection.md#e3, with ids for its "any other" rows. */
    private static final String CONTRACT =
            """
            claude | claude-opus-4-5   | low, medium, high
            claude | claude-opus-4-6   | low, medium, high, xhigh, max
            claude | claude-opus-4-7   | low, medium, high, xhigh, max
            claude | claude-sonnet-4-6 | low, medium, high
            claude | claude-sonnet-4-5 | none
            claude | claude-haiku-4-5  | none
            claude | Claude-Opus-4-6   | none
            claude | gpt-5.4           | none
            codex  | gpt-5.4           | low, medium, high
            codex  | claude-opus-4-6   | low, medium, high
            codex  | claude-haiku-4-5  | low, medium, high
            """;

    private record Row(RuntimeAdapter adapter, String model, String efforts) {}

    private static final String LATER_CONTRACT =
            """
            claude | claude-opus-4-5           | low, medium, high
            claude | claude-sonnet-4-6         | low, medium, high
            claude | claude-opus-4-6           | low, medium, high, xhigh, max
            claude | claude-opus-4-7           | low, medium, high, xhigh, max, ultracode
            claude | claude-opus-4-8           | low, medium, high, xhigh, max, ultracode
            claude | claude-opus-5             | low, medium, high, xhigh, max, ultracode
            claude | claude-opus-5-5           | low, medium, high, xhigh, max, ultracode
            claude | claude-sonnet-5           | low, medium, high, xhigh, max, ultracode
            claude | claude-sonnet-5-5         | low, medium, high, xhigh, max, ultracode
            claude | claude-fable-5            | low, medium, high, xhigh, max, ultracode
            claude | claude-fable-5-1          | low, medium, high, xhigh, max, ultracode
            claude | zai-org/glm-5.3           | high, max
            claude | zai-org/glm-5.3-flash     | high, max
            claude | @cf/zai-org/glm-5.2       | high, max
            claude | claude-haiku-4-5          | none
            codex  | gpt-5.6                   | low, medium, high, xhigh, max
            codex  | GPT-5.6-codex             | low, medium, high, xhigh, max
            codex  | gpt-6-astra-2             | low, medium, high, xhigh, max
            codex  | gpt-6-sol                 | low, medium, high, xhigh, max
            codex  | gpt-6.1-sol               | low, medium, high, xhigh, max
            codex  | gpt-6-luna                | low, medium, high, xhigh, max
            codex  | gpt-5.5                   | low, medium, high, xhigh
            codex  | gpt-5.4                   | low, medium, high
            """;

    private record Cell(Row row, ReasoningEffort effort) {}

    static List<Row> rows() {
        return rows(CONTRACT);
    }

    static List<Row> laterRows() {
        return rows(LATER_CONTRACT);
    }

    private static List<Row> rows(String table) {
        return table.lines()
                .map(line -> line.split("\\s*\\|\\s*"))
                .map(
                        line ->
                                new Row(
                                        RuntimeAdapter.fromWire(line[0]).orElseThrow(),
                                        line[1],
                                        line[2]))
                .toList();
    }

    static Stream<Cell> cells() {
        return rows().stream()
                .flatMap(row -> Stream.of(ReasoningEffort.values()).map(e -> new Cell(row, e)));
    }

    @ParameterizedTest
    @MethodSource("rows")
    void thePublishedTableEqualsThatOfTheContract(Row row) {
        assertSupported(ReasoningEfforts.published(), row);
    }

    @ParameterizedTest
    @MethodSource("laterRows")
    void theTableOfTheLaterProfileEqualsThatOfTheContract(Row row) {
        assertSupported(ReasoningEfforts.published(ApiProfile.V2026_09), row);
    }

    @Test
    void theLongestPrefixApplies() {
        ReasoningEfforts efforts =
                ReasoningEfforts.none()
                        .withPrefix(CODEX, "gpt", Set.of(LOW))
                        .withPrefix(CODEX, "gpt-6", Set.of(HIGH))
                        .with(CODEX, "gpt-6-exact", Set.of(MAX));

        assertThat(efforts.supported(CODEX, "GPT-6-x")).containsExactly(HIGH);
        assertThat(efforts.supported(CODEX, "gpt-5")).containsExactly(LOW);
        assertThat(efforts.supported(CODEX, "gpt-6-exact")).containsExactly(MAX);
        assertThat(efforts.supported(CLAUDE, "gpt-6")).isEmpty();
    }

    private static void assertSupported(ReasoningEfforts table, Row row) {
        String supported =
                table.supported(row.adapter(), row.model()).stream()
                        .map(ReasoningEffort::wire)
                        .collect(Collectors.joining(", "));
        assertThat(supported.isEmpty() ? "none" : supported).isEqualTo(row.efforts());
    }

    @ParameterizedTest
    @MethodSource("cells")
    void anUnsupportedEffortIsRejectedWithTheSupportedOnes(Cell cell) {
        Row row = cell.row();
        String wire = cell.effort().wire();
        var problem =
                ReasoningEfforts.published().problem(row.adapter(), row.model(), cell.effort());
        if (List.of(row.efforts().split(", ")).contains(wire)) {
            assertThat(problem).isEmpty();
        } else {
            assertThat(problem)
                    .hasValue(
                            "Reasoning effort '%s' is not supported for runtime_adapter '%s' and model '%s'. Supported values: %s."
                                    .formatted(
                                            wire,
                                            row.adapter().wire(),
                                            row.model(),
                                            row.efforts()));
        }
    }

    @Test
    void theTextIsTheExampleOfTheContract() {
        assertThat(ReasoningEfforts.published().problem(CODEX, "gpt-5.4", MAX))
                .hasValue(
                        "Reasoning effort 'max' is not supported for runtime_adapter 'codex' and model"
                                + " 'gpt-5.4'. Supported values: low, medium, high.");
    }

    @Test
    void addingARowDoesNotChangeTheOriginalTable() {
        ReasoningEfforts published = ReasoningEfforts.published();
        ReasoningEfforts changed = published.with(CLAUDE, "claude-opus-4-5", Set.of(MAX, LOW));
        assertThat(changed.supported(CLAUDE, "claude-opus-4-5")).containsExactly(LOW, MAX);
        assertThat(changed.supported(CLAUDE, "claude-sonnet-4-6")).hasSize(3);
        assertThat(changed.supported(CODEX, "claude-opus-4-5")).hasSize(3);
        assertThat(published.supported(CLAUDE, "claude-opus-4-5")).hasSize(3);
    }

    @Test
    void aModelWithAnEmptyRowSupportsNoEffort() {
        ReasoningEfforts changed = ReasoningEfforts.published().with(CODEX, "gpt-mini", Set.of());
        assertThat(changed.supported(CODEX, "gpt-mini")).isEmpty();
        assertThat(changed.supported(CODEX, "gpt-5.4")).hasSize(3);
    }

    @Test
    void theTableCanBeReplaced() {
        ReasoningEfforts own = ReasoningEfforts.none().withAnyOther(CLAUDE, Set.of(HIGH));
        assertThat(own.supported(CLAUDE, "claude-opus-4-6")).containsExactly(HIGH);
        assertThat(own.supported(CODEX, "gpt-5.4")).isEmpty();
    }

    @Test
    void theTableCopiesTheSets() {
        Set<ReasoningEffort> given = EnumSet.of(LOW);
        ReasoningEfforts table = ReasoningEfforts.none().with(CODEX, "m", given);
        given.add(MAX);
        assertThat(table.supported(CODEX, "m")).containsExactly(LOW);
    }
}
