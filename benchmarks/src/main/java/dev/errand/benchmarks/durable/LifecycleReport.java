package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.Candidate.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The lifecycle as tables: how much is done, and how it stands to limits and peers. */
final class LifecycleReport {

    private final Map<Integer, Map<String, List<Outcome>>> outcomes;

    LifecycleReport(Map<Integer, Map<String, List<Outcome>>> outcomes) {
        this.outcomes = outcomes;
    }

    /** A ratio that the table shows. */
    private record Ratio(String name, Candidate errand, Candidate other, Bound bound) {}

    private static List<Ratio> ratios() {
        Candidate dbScheduler = new InDbScheduler();
        Candidate jobRunr = new InJobRunr();
        return List.of(
                new Ratio(
                        "separate calls, to the limit",
                        InErrand.SEPARATE,
                        ByHand.SEPARATE,
                        Bound.atLeast(0.85)),
                new Ratio(
                        "worker loop, to the limit",
                        InErrand.WORKER_LOOP,
                        ByHand.WORKER_LOOP,
                        Bound.atLeast(0.9)),
                new Ratio(
                        "batches of 50, to the limit",
                        InErrand.BATCHES,
                        ByHand.BATCHES,
                        Bound.atLeast(0.8)),
                new Ratio(
                        "separate calls, to JobRunr",
                        InErrand.SEPARATE,
                        jobRunr,
                        Bound.atLeast(1.8)),
                new Ratio(
                        "worker loop, to db-scheduler",
                        InErrand.WORKER_LOOP,
                        dbScheduler,
                        Bound.atLeast(0.85)),
                new Ratio(
                        "batches of 50, to db-scheduler",
                        InErrand.BATCHES,
                        dbScheduler,
                        Bound.atLeast(4)));
    }

    /** The tables in Markdown. */
    String tables() {
        StringBuilder text = new StringBuilder();
        text.append("\nUnits a second, medians of the rounds:\n\n| |");
        outcomes.keySet().forEach(threads -> text.append(threadsOf(threads)).append(" |"));
        text.append(" p50 of a unit, 1 thread |\n|---|");
        outcomes.keySet().forEach(threads -> text.append("---|"));
        text.append("---|\n");
        for (Candidate candidate : Lifecycles.candidates()) {
            text.append("| ").append(candidate.label()).append(" |");
            outcomes.keySet()
                    .forEach(
                            threads -> text.append(" %,.0f |".formatted(rate(threads, candidate))));
            text.append(" ")
                    .append(time(candidate).map("%.2f ms"::formatted).orElse(""))
                    .append(" |\n");
        }
        text.append("\nRatios, each taken within a round; the median, and the range:\n\n| |");
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
        Optional<Double> limit = time(ByHand.SEPARATE);
        Optional<Double> errand = time(InErrand.SEPARATE);
        if (limit.isPresent() && errand.isPresent()) {
            Bound bound = Bound.atMost(1.2);
            text.append(
                    "| p50 of a unit, separate calls, to the limit | %s | | | %s |\n"
                            .formatted(bound.judge(errand.get() / limit.get()), bound));
        }
    }

    private double rate(int threads, Candidate candidate) {
        return Lists.median(
                outcomes.get(threads).get(candidate.label()).stream()
                        .map(Outcome::unitsPerSecond)
                        .toList());
    }

    private Optional<Double> time(Candidate candidate) {
        List<Double> times =
                outcomes.get(1).get(candidate.label()).stream()
                        .flatMap(outcome -> outcome.medianMillis().stream())
                        .toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(Lists.median(times));
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
                        ratio.bound().judge(Lists.median(all)),
                        sorted[0],
                        sorted[sorted.length - 1]);
    }
}
