package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.LifecycleCandidate.Outcome;
import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import java.io.PrintStream;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures all candidates in rounds, in reverse order in every second round, each time in a new
 * copy of a database with some thousand finished tasks.
 */
final class LifecycleBenchmark {

    static final List<Integer> THREADS = List.of(1, 4, 16);

    private static final CompilationMXBean COMPILER = ManagementFactory.getCompilationMXBean();
    private static final int MAX_WARM_UPS = 8;

    /** The share of time below which the compiler counts as idle. */
    private static final int IDLE_PER_MILLE = 40;

    private final DatabaseServer server;
    private final PrintStream out;
    private final int rounds;
    private final Window warmUp;
    private final Window window;
    private DatabaseCopies copies;

    LifecycleBenchmark(DatabaseServer server, PrintStream out, ReportOptions options) {
        this.server = server;
        this.out = out;
        this.rounds = options.rounds();
        this.warmUp = new Window(0, options.quick() ? 4_000 : 6_000);
        this.window = options.quick() ? new Window(700, 1_500) : new Window(1_500, 3_000);
    }

    static List<LifecycleCandidate> candidates() {
        List<LifecycleCandidate> all = new ArrayList<>();
        all.add(BaselineCandidate.SEPARATE);
        all.add(ErrandCandidate.SEPARATE);
        all.add(new BaselinePool());
        all.add(new ErrandPool());
        all.add(new DbSchedulerCandidate());
        all.add(BaselineCandidate.BATCHES);
        all.add(ErrandCandidate.BATCHES);
        all.add(ErrandCandidate.FOUR_CALLS);
        all.add(new JobRunrCandidate());
        return List.copyOf(all);
    }

    /**
     * Returns the outcomes of all rounds, by the number of threads and the label of the candidate.
     */
    Map<Integer, Map<String, List<Outcome>>> measure() throws Exception {
        copies = DatabaseCopies.prepare(server, out);
        List<LifecycleCandidate> candidates = candidates();
        for (LifecycleCandidate candidate : candidates) {
            warmUp(candidate);
        }
        Map<Integer, Map<String, List<Outcome>>> outcomes = new LinkedHashMap<>();
        for (int threads : THREADS) {
            Map<String, List<Outcome>> all = new LinkedHashMap<>();
            for (int round = 1; round <= rounds; round++) {
                List<LifecycleCandidate> order = new ArrayList<>(candidates);
                if (round % 2 == 0) {
                    Collections.reverse(order);
                }
                for (LifecycleCandidate candidate : order) {
                    Outcome outcome =
                            measure(candidate, threads, window, "round " + round + "/" + rounds);
                    all.computeIfAbsent(candidate.label(), label -> new ArrayList<>()).add(outcome);
                }
            }
            outcomes.put(threads, all);
        }
        return outcomes;
    }

    /**
     * Runs a candidate until the compiler is idle. It uses a quarter of a processor for more than
     * half a minute for the larger candidates.
     */
    private void warmUp(LifecycleCandidate candidate) throws Exception {
        long limit = warmUp.measuredMillis() * IDLE_PER_MILLE / 1_000;
        long compiled = COMPILER.getTotalCompilationTime();
        for (int times = 1; times <= MAX_WARM_UPS; times++) {
            measure(candidate, 4, warmUp, "warm-up " + times);
            long since = COMPILER.getTotalCompilationTime() - compiled;
            if (since < limit) {
                return;
            }
            compiled += since;
        }
    }

    private Outcome measure(LifecycleCandidate candidate, int threads, Window period, String round)
            throws Exception {
        String url = copies.next();
        Outcome outcome = candidate.measure(url, threads, period);
        out.printf(
                "%s, %2d threads, %-36s %,9.0f units/s%s%n",
                round,
                threads,
                candidate.label(),
                outcome.unitsPerSecond(),
                outcome.medianMillis().map(", %.2f ms"::formatted).orElse(""));
        return outcome;
    }
}
