package dev.errand.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.errand.run.RunTransitions.Decision;
import dev.errand.run.RunTransitions.Row;
import dev.errand.spi.run.RunStatus;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RunTransitionsTest {

    /** The table of docs/wire/runs.md#g3. */
    private static final String CONTRACT =
            """
            from \\ to   | not_started | queued | in_progress | completed | failed | cancelled
            not_started | same        | –      | yes         | yes       | yes    | yes
            queued      | –           | same   | yes         | yes       | yes    | yes
            in_progress | –           | –      | same        | yes       | yes    | yes
            completed   | –           | –      | –           | same      | –      | –
            failed      | –           | –      | –           | –         | same   | –
            cancelled   | –           | –      | –           | –         | –      | same
            """;

    private record Cell(RunStatus from, RunStatus to, String contract) {}

    static List<Cell> cells() {
        List<String[]> lines = CONTRACT.lines().map(line -> line.split("\\s*\\|\\s*")).toList();
        List<Cell> cells = new ArrayList<>();
        for (String[] line : lines.subList(1, lines.size())) {
            for (int column = 1; column < line.length; column++) {
                cells.add(
                        new Cell(
                                RunStatus.fromWire(line[0]).orElseThrow(),
                                RunStatus.fromWire(lines.get(0)[column]).orElseThrow(),
                                line[column].strip()));
            }
        }
        return cells;
    }

    @Test
    void theTableOfTheContractIsComplete() {
        int statuses = RunStatus.values().length;
        assertThat(cells()).hasSize(statuses * statuses).doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @MethodSource("cells")
    void theStrictPolicyEqualsTheTableOfTheContract(Cell cell) {
        Decision expected =
                switch (cell.contract()) {
                    case "same" -> Decision.SAME;
                    case "yes" -> Decision.ALLOWED;
                    case "–" -> Decision.REJECTED;
                    default -> throw new AssertionError(cell);
                };
        assertThat(RunTransitions.decide(cell.from(), cell.to())).isEqualTo(expected);
        assertThat(StatusPolicy.STRICT.decide(cell.from(), cell.to())).isEqualTo(expected);
    }

    @ParameterizedTest
    @MethodSource("cells")
    void permissivePolicyAllowsEveryChange(Cell cell) {
        assertThat(StatusPolicy.PERMISSIVE.decide(cell.from(), cell.to()))
                .isEqualTo(cell.contract().equals("same") ? Decision.SAME : Decision.ALLOWED);
    }

    @Test
    void everyRowIsInTheTableOfTheContract() {
        Set<Row> walked = new HashSet<>();
        for (Cell cell : cells()) {
            if (RunTransitions.decide(cell.from(), cell.to()) == Decision.ALLOWED) {
                walked.add(new Row(cell.from(), cell.to()));
            }
        }
        assertThat(RunTransitions.rows()).isEqualTo(walked);
    }

    @Test
    void aRejectionNamesBothStatuses() {
        assertThat(RunTransitions.rejectionText(RunStatus.COMPLETED, RunStatus.IN_PROGRESS))
                .isEqualTo("Cannot change status from completed to in_progress");
    }

    @Test
    void theBuilderRejectsARowOutOfATerminalStatus() {
        for (RunStatus terminal :
                List.of(RunStatus.COMPLETED, RunStatus.FAILED, RunStatus.CANCELLED)) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> new RunTransitions.Builder().row(terminal, RunStatus.QUEUED))
                    .withMessageContaining("terminal " + terminal.wire());
        }
    }

    @Test
    void theBuilderRejectsDuplicates() {
        RunTransitions.Builder builder =
                new RunTransitions.Builder()
                        .start(RunStatus.QUEUED, "run/")
                        .row(RunStatus.QUEUED, RunStatus.FAILED)
                        .engineMove(RunStatus.QUEUED, RunStatus.FAILED, "dispatch exhausted");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.start(RunStatus.QUEUED, "run/"))
                .withMessageContaining("duplicate");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(RunStatus.QUEUED, RunStatus.FAILED))
                .withMessageContaining("duplicate");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () ->
                                builder.engineMove(
                                        RunStatus.QUEUED, RunStatus.FAILED, "dispatch exhausted"))
                .withMessageContaining("duplicate");
    }

    @Test
    void theBuilderRejectsATransitionToTheSameStatus() {
        RunTransitions.Builder builder = new RunTransitions.Builder();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.row(RunStatus.QUEUED, RunStatus.QUEUED));
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> builder.engineMove(RunStatus.FAILED, RunStatus.FAILED, "nothing"));
    }

    @Test
    void theDiagramShowsAllTransitions() {
        assertThat(RunTransitions.diagram())
                .isEqualTo(
                        """
                        stateDiagram-v2
                            [*] --> not_started : runs/
                            [*] --> queued : run/
                            not_started --> in_progress
                            not_started --> completed
                            not_started --> failed
                            not_started --> cancelled
                            queued --> in_progress
                            queued --> completed
                            queued --> failed
                            queued --> cancelled
                            in_progress --> completed
                            in_progress --> failed
                            in_progress --> cancelled
                            not_started --> queued : start/, resume_in_cloud/
                            in_progress --> queued : resume_in_cloud/ of a local run, provider limit
                            completed --> queued : resume_in_cloud/
                            failed --> queued : resume_in_cloud/
                            cancelled --> queued : resume_in_cloud/
                            queued --> failed : dispatch exhausted
                            completed --> [*]
                            failed --> [*]
                            cancelled --> [*]
                        """);
    }

    @Test
    void everyStatusCanBeReached() {
        Set<RunStatus> reached = new HashSet<>();
        RunTransitions.starts().forEach(start -> reached.add(start.status()));
        RunTransitions.rows().forEach(row -> reached.add(row.to()));
        assertThat(reached).containsExactlyInAnyOrder(RunStatus.values());
    }

    @Test
    void onlyTerminalStatusesHaveNoTransition() {
        assertThat(Stream.of(RunStatus.values()).filter(this::isDeadEnd))
                .allMatch(RunStatus::isTerminal)
                .hasSize(3);
    }

    private boolean isDeadEnd(RunStatus from) {
        return Stream.of(RunStatus.values())
                .noneMatch(to -> RunTransitions.decide(from, to) == Decision.ALLOWED);
    }
}
