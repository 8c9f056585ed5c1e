package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.LifecycleCandidate.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Formats the lifecycle measurements as tables: throughput, and ratios to the baseline and to other
 * schedulers.
 */
final class LifecycleReport {

    private final Map<Integer, Map<String, List<Outcome>>> outcomes;

    LifecycleReport(Map<Integer, Map<String, List<Outcome>>> outcomes) {
        this.outcomes = outcomes;
    }

    /** A ratio in the table. */
    private record Ratio(
            String name, LifecycleCandidate errand, LifecycleCandidate other, RatioTarget bound) {}

    private static List<Ratio> ratios() {
        LifecycleCandidate dbScheduler = new DbSchedulerCandidate();
        LifecycleCandidate jobRunr = new JobRunrCandidate();
        return List.of(
                new Ratio(
                        "separate calls, to the baseline",
                        ErrandCandidate.SEPARATE,
                        BaselineCandidate.SEPARATE,
                        RatioTarget.atLeast(0.85)),
                new Ratio(
                        "worker pool, to the baseline",
                        new ErrandPool(),
                        new BaselinePool(),
                        RatioTarget.atLeast(0.9)),
                new Ratio(
                        "batches of 50, to the baseline",
                        ErrandCandidate.BATCHES,
                        BaselineCandidate.BATCHES,
                        RatioTarget.atLeast(0.85)),
                new Ratio(
                        "separate calls, to JobRunr",
                        ErrandCandidate.SEPARATE,
                        jobRunr,
                        RatioTarget.atLeast(1.8)),
                new Ratio(
                        "worker pool, to db-scheduler",
                        new ErrandPool(),
                        dbScheduler,
                        RatioTarget.atLeast(1)),
                new Ratio(
                        "batches of 50, to db-scheduler",
                        ErrandCandidate.BATCHES,
                        dbScheduler,
                        RatioTarget.atLeast(4)));
    }

    /** Returns the tables in Markdown. */
    String tables() {
        StringBuilder text = new StringBuilder();
        text.append("\nUnits per second, median of the rounds:\n\n| |");
        outcomes.keySet().forEach(threads -> text.append(threadsOf(threads)).append(" |"));
        text.append(" p50 of a unit, 1 thread |\n|---|");
        outcomes.keySet().forEach(threads -> text.append("---|"));
        text.append("---|\n");
        for (LifecycleCandidate candidate : LifecycleBenchmark.candidates()) {
            text.append("| ").append(candidate.label()).append(" |");
            outcomes.keySet()
                    .forEach(
                            threads -> text.append(" %,.0f |".formatted(rate(threads, candidate))));
            text.append(" ")
                    .append(time(candidate).map("%.2f ms"::formatted).orElse(""))
                    .append(" |\n");
        }
        text.append("\nRatios within the rounds, median and range:\n\n| |");
        outcomes.keySet().forEach(threads -> text.append(threadsOf(threads)).append(" |"));
        text.append(" target |\n|---|");
        outcomes.keySet().forEach(threads -> text.append("---|"));
        text.append("---|\n");
        for (Ratio ratio : ratios()) {
            text.append("| ").append(ratio.name()).append(" |");
            outcomes.keySet()
                    .forEach(threads -> text.append(" ").append(cell(threads, ratio)).append(" |"));
            text.append(" ").append(ratio.bound()).append(" |\n");
        }
        latency(text);
        return text.toString();
    }

    private static String threadsOf(int threads) {
        return threads == 1 ? " 1 thread" : " " + threads + " threads";
    }

    private void latency(StringBuilder text) {
        Optional<Double> baseline = time(BaselineCandidate.SEPARATE);
        Optional<Double> errand = time(ErrandCandidate.SEPARATE);
        if (baseline.isPresent() && errand.isPresent()) {
            RatioTarget bound = RatioTarget.atMost(1.2);
            text.append(
                    "| p50 of a unit, separate calls, to the baseline | %s | | | %s |\n"
                            .formatted(bound.judge(errand.get() / baseline.get()), bound));
        }
    }

    private double rate(int threads, LifecycleCandidate candidate) {
        return ListBenchmark.median(
                outcomes.get(threads).get(candidate.label()).stream()
                        .map(Outcome::unitsPerSecond)
                        .toList());
    }

    private Optional<Double> time(LifecycleCandidate candidate) {
        List<Double> times =
                outcomes.get(1).get(candidate.label()).stream()
                        .flatMap(outcome -> outcome.medianMillis().stream())
                        .toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(ListBenchmark.median(times));
    }

    private String cell(int threads, Ratio ratio) {
        List<Outcome> errand = outcomes.get(threads).get(ratio.errand().label());
        List<Outcome> other = outcomes.get(threads).get(ratio.other().label());
        List<Double> all = new ArrayList<>();
        for (int round = 0; round < errand.size(); round++) {
            all.add(errand.get(round).unitsPerSecond() / other.get(round).unitsPerSecond());
        }
        double[] sorted = all.stream().mapToDouble(Double::doubleValue).sorted().toArray();
        return "%s (%.2f–%.2f)"
                .formatted(
                        ratio.bound().judge(ListBenchmark.median(all)),
                        sorted[0],
                        sorted[sorted.length - 1]);
    }
}
