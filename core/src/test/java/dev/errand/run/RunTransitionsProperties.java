package dev.errand.run;

import static org.assertj.core.api.Assertions.assertThat;

import dev.errand.run.RunTransitions.Decision;
import dev.errand.spi.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RunTransitionsProperties {

    @Property
    void noSequenceOfReportsLeavesATerminalStatus(
            @ForAll("starts") RunStatus start, @ForAll List<RunStatus> reports) {
        List<RunStatus> history = history(start, reports);
        history.stream()
                .filter(RunStatus::isTerminal)
                .findFirst()
                .ifPresent(
                        end ->
                                assertThat(history.subList(history.indexOf(end), history.size()))
                                        .containsOnly(end));
    }

    @Property
    void noSequenceOfReportsReturnsToAnEarlierStatus(
            @ForAll("starts") RunStatus start, @ForAll List<RunStatus> reports) {
        List<RunStatus> changes = new ArrayList<>();
        for (RunStatus status : history(start, reports)) {
            if (changes.isEmpty() || changes.get(changes.size() - 1) != status) {
                changes.add(status);
            }
        }
        assertThat(changes).doesNotHaveDuplicates();
    }

    @Property
    void thePermissivePolicyAllowsEverythingTheStrictOneAllows(
            @ForAll RunStatus from, @ForAll RunStatus to) {
        Decision strict = StatusPolicy.STRICT.decide(from, to);
        if (strict != Decision.REFUSED) {
            assertThat(StatusPolicy.PERMISSIVE.decide(from, to)).isEqualTo(strict);
        }
    }

    private static List<RunStatus> history(RunStatus start, List<RunStatus> reports) {
        List<RunStatus> history = new ArrayList<>(List.of(start));
        RunStatus now = start;
        for (RunStatus report : reports) {
            now = RunTransitions.decide(now, report) == Decision.REFUSED ? now : report;
            history.add(now);
        }
        return history;
    }

    @Provide
    Arbitrary<RunStatus> starts() {
        return Arbitraries.of(
                RunTransitions.starts().stream().map(RunTransitions.Start::status).toList());
    }
}
