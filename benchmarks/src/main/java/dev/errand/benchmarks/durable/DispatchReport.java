package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.DispatchBenchmark.Outcome;
import dev.errand.benchmarks.durable.LaunchLatency.Times;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * DispatchState as tables: how much is done, by which statements, and how soon.
 *
 * @param units how many were executed in a round
 * @param outcomes of the rounds, by the candidate's label
 * @param statementUnits in how many units the statements were counted
 * @param statements of Errand
 * @param latencies of an idle dispatcher
 */
record DispatchReport(
        int units,
        Map<String, List<Outcome>> outcomes,
        int statementUnits,
        List<StatementStatistics.Line> statements,
        Map<LaunchLatency, List<Times>> latencies) {

    private static final RatioTarget THROUGHPUT = RatioTarget.atLeast(0.85);
    private static final double LAUNCH_MILLIS = 50;

    /** What is asked less often than this in a unit does not cost a unit anything. */
    private static final double RARE = 0.005;

    /** The tables in Markdown. */
    String tables() {
        StringBuilder text = new StringBuilder();
        throughput(text);
        statements(text);
        latencies(text);
        return text.toString();
    }

    private void throughput(StringBuilder text) {
        text.append(
                "\nDispatch of %,d units that were queued before, %d nodes with %d slots each; medians of the rounds:\n"
                        .formatted(units, DispatchCandidate.NODES, DispatchCandidate.SLOTS));
        text.append(
                """

                | | units/s | transactions a unit | log a unit, kB | history |
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

                Statements of Errand's nodes, counted in %,d units; times as the nodes see them:

                | statement | a unit | ms each | ms a unit |
                |---|---|---|---|
                """
                        .formatted(statementUnits));
        for (StatementStatistics.Line line : statements) {
            double often = (double) line.executions() / statementUnits;
            if (often >= RARE) {
                text.append(
                        "| `%s` | %.2f | %.2f | %.2f |\n"
                                .formatted(
                                        line.text(),
                                        often,
                                        line.millis() / line.executions(),
                                        line.millis() / statementUnits));
            }
        }
    }

    private void latencies(StringBuilder text) {
        text.append(
                """

                From a run's commit until the launcher of an idle dispatcher is asked, in ms (target: p50 < %.0f where
                somebody tells it):

                | | p50 | p99 | p50 from the call on | p50 from there to the recorded end |
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
