package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures dispatch: the throughput of four nodes in rounds, in reverse order in every second
 * round; the statements of Errand; and the launch latency of an idle node.
 */
final class DispatchBenchmark {

    private static final int STATEMENT_UNITS = 1_000;

    /** Statements are grouped by this many leading characters. */
    private static final int SHOWN = 60;

    private final DatabaseServer server;
    private final PrintStream out;
    private final int rounds;
    private final int units;
    private final int launches;
    private final int polledLaunches;

    DispatchBenchmark(DatabaseServer server, PrintStream out, ReportOptions options) {
        this.server = server;
        this.out = out;
        boolean quick = options.quick();
        this.rounds = options.rounds();
        this.units = quick ? 3_000 : 10_000;
        this.launches = quick ? 100 : 300;
        this.polledLaunches = quick ? 10 : 40;
    }

    /**
     * The outcome of one round of one candidate.
     *
     * @param unitsPerSecond the rate from the start of the nodes until the last unit was done
     * @param transactions the transactions per unit
     * @param logBytes the bytes of write-ahead log per unit
     */
    record Outcome(double unitsPerSecond, double transactions, double logBytes) {}

    DispatchReport measure() throws Exception {
        DatabaseCopies copies = DatabaseCopies.prepare(server, out);
        List<DispatchCandidate> candidates =
                List.of(ErrandDispatch.plain(), new DbSchedulerDispatch());
        for (DispatchCandidate candidate : candidates) {
            measure(candidate, copies.next(), units, "warm-up"); // Lets the JVM compile the code.
        }
        Map<String, List<Outcome>> outcomes = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            List<DispatchCandidate> order = new ArrayList<>(candidates);
            if (round % 2 == 0) {
                Collections.reverse(order);
            }
            for (DispatchCandidate candidate : order) {
                outcomes.computeIfAbsent(candidate.label(), label -> new ArrayList<>())
                        .add(
                                measure(
                                        candidate,
                                        copies.next(),
                                        units,
                                        "round " + round + "/" + rounds));
            }
        }
        StatementStatistics statements = new StatementStatistics();
        measure(ErrandDispatch.timed(statements), copies.next(), STATEMENT_UNITS, "statements");
        return new DispatchReport(
                units, outcomes, STATEMENT_UNITS, statements.lines(SHOWN), latencies(copies));
    }

    private Outcome measure(DispatchCandidate candidate, String url, int count, String round)
            throws Exception {
        candidate.queue(url, count);
        DatabaseCounters before = DatabaseCounters.whenQuiet(url);
        double seconds = candidate.execute(url, count);
        DatabaseCounters done = DatabaseCounters.whenQuiet(url).since(before);
        Outcome outcome =
                new Outcome(
                        count / seconds,
                        (double) done.transactions() / count,
                        (double) done.logBytes() / count);
        out.printf(
                "%s, dispatch of %,d units, %-12s %,9.0f units/s, %.2f transactions and %,.0f bytes"
                        + " of log per unit%n",
                round,
                count,
                candidate.label(),
                outcome.unitsPerSecond(),
                outcome.transactions(),
                outcome.logBytes());
        return outcome;
    }

    private Map<LaunchLatency, List<LaunchLatency.Times>> latencies(DatabaseCopies copies)
            throws Exception {
        Map<LaunchLatency, List<LaunchLatency.Times>> all = new EnumMap<>(LaunchLatency.class);
        for (LaunchLatency way : LaunchLatency.values()) {
            int runs = way == LaunchLatency.POLLED ? polledLaunches : launches;
            out.printf("launch latency, %s, %d runs%n", way.label(), runs);
            all.put(way, way.measure(copies.next(), runs));
        }
        return all;
    }
}
