package dev.errand.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.OutputStream;
import java.io.PrintStream;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Simulations on the in-memory backend; {@code -Derrand.simulations} sets their number. */
class SimulationTest {

    private static final int SIMULATIONS = Integer.getInteger("errand.simulations", 300);
    private static final long FIRST_SEED = Long.getLong("errand.seed", 1);
    private static final int PROGRESS_EVERY = 1_000;

    private final PrintStream log = System.err;

    /** Logging all failures would take longer than the simulation. */
    @BeforeEach
    void muteLog() {
        System.setErr(new PrintStream(OutputStream.nullOutputStream()));
    }

    @AfterEach
    void restoreLog() {
        System.setErr(log);
    }

    @Test
    void invariantsHoldUnderAllFaults() {
        Set<String> met = new HashSet<>();
        for (int i = 0; i < SIMULATIONS; i++) {
            List<String> trace = SimulationRun.play(FIRST_SEED + i);
            for (Fault fault : Fault.values()) {
                if (trace.stream().anyMatch(step -> step.contains(fault.name()))) {
                    met.add(fault.name());
                }
            }
            if ((i + 1) % PROGRESS_EVERY == 0) {
                System.out.println((i + 1) + " of " + SIMULATIONS + " simulations");
            }
        }
        // A simulation that injects no faults would be meaningless.
        assertThat(met).contains("THROW", "LOSE_REPLY", "REPEAT", "CRASH_BEFORE", "CRASH_AFTER");
    }

    @Test
    void aSeedDeterminesTheSimulation() {
        assertThat(SimulationRun.play(42))
                .isEqualTo(SimulationRun.play(42))
                .isNotEqualTo(SimulationRun.play(43));
    }

    @Test
    void aFailingTraceIsReducedToTheStepsItNeeds() {
        List<Integer> all = IntStream.range(0, 60).boxed().toList();

        assertThat(TraceReduction.reduce(all, some -> some.containsAll(List.of(7, 8, 41))))
                .containsExactly(7, 8, 41);
    }
}
