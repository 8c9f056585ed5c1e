package dev.errand.benchmarks;

import static dev.errand.benchmarks.Measured.CREATE_BY_HAND;
import static dev.errand.benchmarks.Measured.CREATE_ERRAND;
import static dev.errand.benchmarks.Measured.CREATE_VALIDATOR;
import static dev.errand.benchmarks.Measured.RUN_BY_HAND;
import static dev.errand.benchmarks.Measured.RUN_ERRAND;
import static dev.errand.benchmarks.Measured.RUN_VALIDATOR;
import static dev.errand.benchmarks.Measured.UNITS_BY_HAND;
import static dev.errand.benchmarks.Measured.UNITS_BY_HAND_2;
import static dev.errand.benchmarks.Measured.UNITS_ENGINE;
import static dev.errand.benchmarks.Measured.UNITS_ENGINE_2;
import static dev.errand.benchmarks.Measured.UNITS_PORTS;
import static dev.errand.benchmarks.Measured.UNITS_PORTS_2;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * One line of the report.
 *
 * @param work what is done, and through what
 * @param unit of the two figures
 * @param limit the limit's figure of a round
 * @param errand Errand's figure of a round
 * @param judged what of a round the target is about
 * @param target the target
 */
record Row(
        String work,
        String unit,
        ToDoubleFunction<Map<Measured, Double>> limit,
        ToDoubleFunction<Map<Measured, Double>> errand,
        ToDoubleFunction<Map<Measured, Double>> judged,
        Target target) {

    /** A bound. */
    record Target(boolean atMost, double bound) {

        boolean holds(double value) {
            return atMost ? value <= bound : value >= bound;
        }

        @Override
        public String toString() {
            return (atMost ? "≤ " : "≥ ") + bound;
        }
    }

    private static final String CREATE = "create a task, 419 bytes in, 702 out, against ";
    private static final String RUN = "run a task, 419 bytes in, 1,815 out, against ";
    private static final String UNITS = "lifecycle in memory, 1 thread, ";
    private static final String SECOND = "what a second thread makes of it, ";

    static List<Row> all() {
        Target slower = new Target(true, 1.15);
        Target validated = new Target(true, 1.1);
        return List.of(
                time(CREATE + "records and checks by hand", CREATE_BY_HAND, CREATE_ERRAND, slower),
                time(CREATE + "Hibernate Validator", CREATE_VALIDATOR, CREATE_ERRAND, validated),
                time(RUN + "records and checks by hand", RUN_BY_HAND, RUN_ERRAND, slower),
                time(RUN + "Hibernate Validator", RUN_VALIDATOR, RUN_ERRAND, validated),
                rate(UNITS + "through the engine", UNITS_BY_HAND, UNITS_ENGINE),
                rate(UNITS + "through the ports", UNITS_BY_HAND, UNITS_PORTS),
                gain(SECOND + "through the engine", UNITS_ENGINE, UNITS_ENGINE_2),
                gain(SECOND + "through the ports", UNITS_PORTS, UNITS_PORTS_2));
    }

    private static Row time(String work, Measured limit, Measured errand, Target target) {
        return new Row(
                work, "µs", of(limit), of(errand), r -> r.get(errand) / r.get(limit), target);
    }

    private static Row rate(String work, Measured limit, Measured errand) {
        return new Row(
                work,
                "k/s",
                of(limit),
                of(errand),
                r -> r.get(errand) / r.get(limit),
                new Target(false, 0.6));
    }

    private static Row gain(String work, Measured one, Measured two) {
        ToDoubleFunction<Map<Measured, Double>> gain = r -> r.get(two) / r.get(one);
        return new Row(
                work,
                "×",
                r -> r.get(UNITS_BY_HAND_2) / r.get(UNITS_BY_HAND),
                gain,
                gain,
                new Target(false, 1.3));
    }

    private static ToDoubleFunction<Map<Measured, Double>> of(Measured measured) {
        return round -> round.get(measured);
    }

    /** The line in Markdown: medians over the rounds, and the range of what is judged. */
    String line(List<Map<Measured, Double>> rounds) {
        double[] all = rounds.stream().mapToDouble(judged).sorted().toArray();
        double value = median(all);
        return String.format(
                Locale.ROOT,
                "| %s | %s %s | %s %s | %.2f (%.2f–%.2f) | %s | %s |",
                work,
                figure(median(rounds.stream().mapToDouble(limit).toArray())),
                unit,
                figure(median(rounds.stream().mapToDouble(errand).toArray())),
                unit,
                value,
                all[0],
                all[all.length - 1],
                target,
                target.holds(value) ? "yes" : "**no**");
    }

    private static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String figure(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : "%.2f", value);
    }
}
