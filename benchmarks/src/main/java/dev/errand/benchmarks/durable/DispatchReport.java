package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.DispatchBenchmark.Outcome;
import dev.errand.benchmarks.durable.LaunchLatency.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Formats the dispatch measurements as tables: throughput, statements, and launch latency.
 *
 * @param units the units executed in a round
 * @param outcomes the outcomes of the rounds, by the label of the candidate
 * @param statementUnits the units during which statements were counted
 * @param statements the statements of Errand
 * @param latencies the launch latencies of an idle dispatcher
 */
record DispatchReport(
        int units,
        Map<String, List<Outcome>> outcomes,
        int statementUnits,
        List<StatementStatistics.Line> statements,
        Map<LaunchLatency, List<Times>> latencies) {

    private static final RatioTarget THROUGHPUT = RatioTarget.atLeast(0.85);
    private static final double LAUNCH_MILLIS = 50;

    /** Statements that are executed less often per unit are omitted. */
    private static final double RARE = 0.005;

    /** Returns the tables in Markdown. */
    String tables() {
        StringBuilder text = new StringBuilder();
        throughput(text);
        statements(text);
        latencies(text);
        return text.toString();
    }

    private void throughput(StringBuilder text) {
        text.append(
                "\nDispatch of %,d queued units by %d nodes with %d slots each, median of the rounds:\n"
                        .formatted(units, DispatchCandidate.NODES, DispatchCandidate.SLOTS));
        text.append(
                """

                | | units/s | transactions per unit | log per unit, kB | history |
                |---|---|---|---|---|
                """);
        outcomes.forEach(
                (label, rounds) ->
                        text.append(
                                "| %s | %,.0f | %.2f | %.1f | %s |\n"
                                        .formatted(
                                                label,
                                                median(rounds, Outcome::unitsPerSecond),
                                                median(rounds, Outcome::transactions),
                                                median(rounds, Outcome::logBytes) / 1_000,
                                                label.equals(errand()) ? "kept" : "deleted")));
        List<Double> ratios = ratios();
        double[] sorted = ratios.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        text.append(
                "\nErrand to db-scheduler, within a round: %s (%.2f–%.2f); target %s.\n"
                        .formatted(
                                THROUGHPUT.judge(ListBenchmark.median(ratios)),
                                sorted[0],
                                sorted[sorted.length - 1],
                                THROUGHPUT));
    }

    private static String errand() {
        return ErrandDispatch.plain().label();
    }

    private List<Double> ratios() {
        List<Outcome> ours = outcomes.get(errand());
        List<Outcome> theirs = outcomes.get(new DbSchedulerDispatch().label());
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            ratios.add(ours.get(round).unitsPerSecond() / theirs.get(round).unitsPerSecond());
        }
        return ratios;
    }

    private void statements(StringBuilder text) {
        text.append(
                """

                Statements of Errand's nodes during %,d units, with times measured by the nodes:

                | statement | per unit | ms each | ms per unit |
                |---|---|---|---|
                """
                        .formatted(statementUnits));
        for (StatementStatistics.Line line : statements) {
            double perUnit = (double) line.executions() / statementUnits;
            if (perUnit >= RARE) {
                text.append(
                        "| `%s` | %.2f | %.2f | %.2f |\n"
                                .formatted(
                                        line.text(),
                                        perUnit,
                                        line.millis() / line.executions(),
                                        line.millis() / statementUnits));
            }
        }
    }

    private void latencies(StringBuilder text) {
        text.append(
                """

                From the commit of a run until an idle dispatcher calls the launcher, in ms (target with
                signals: p50 < %.0f):

                | | p50 | p99 | p50 from the call | p50 from launch to recorded end |
                |---|---|---|---|---|
                """
                        .formatted(LAUNCH_MILLIS));
        latencies.forEach(
                (way, times) -> {
                    double median = percentile(times, Times::fromCommit, 50);
                    text.append(
                            "| %s, %d runs | %s | %.1f | %.1f | %.1f |\n"
                                    .formatted(
                                            way.label(),
                                            times.size(),
                                            (median < LAUNCH_MILLIS ? "%.1f" : "**%.1f**")
                                                    .formatted(median),
                                            percentile(times, Times::fromCommit, 99),
                                            percentile(times, Times::fromCall, 50),
                                            percentile(times, Times::toEnd, 50)));
                });
    }

    private static double percentile(
            List<Times> times, ToDoubleFunction<Times> measure, int percent) {
        double[] sorted = times.stream().mapToDouble(measure).sorted().toArray();
        return sorted[(int) Math.ceil(percent / 100.0 * sorted.length) - 1];
    }

    private static double median(List<Outcome> rounds, ToDoubleFunction<Outcome> measure) {
        return ListBenchmark.median(rounds.stream().mapToDouble(measure).boxed().toList());
    }
}
