package dev.errand.benchmarks;

import static dev.errand.benchmarks.Measurement.CREATE_BY_HAND;
import static dev.errand.benchmarks.Measurement.CREATE_ERRAND;
import static dev.errand.benchmarks.Measurement.CREATE_VALIDATOR;
import static dev.errand.benchmarks.Measurement.RUN_BY_HAND;
import static dev.errand.benchmarks.Measurement.RUN_ERRAND;
import static dev.errand.benchmarks.Measurement.RUN_VALIDATOR;
import static dev.errand.benchmarks.Measurement.UNITS_BY_HAND;
import static dev.errand.benchmarks.Measurement.UNITS_BY_HAND_2;
import static dev.errand.benchmarks.Measurement.UNITS_ENGINE;
import static dev.errand.benchmarks.Measurement.UNITS_ENGINE_2;
import static dev.errand.benchmarks.Measurement.UNITS_PORTS;
import static dev.errand.benchmarks.Measurement.UNITS_PORTS_2;

import java.util.Arrays;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One line of the report: two figures, and how they stand to each other.
 *
 * @param work what is done, and through what
 * @param base what is divided by
 * @param judged what is divided
 * @param isGain whether both are Errand's, and the limit's own gain stands beside
 * @param target the target of the ratio
 */
record ReportRow(String work, Measurement base, Measurement judged, boolean isGain, Target target) {

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

    static List<ReportRow> all() {
        Target slower = new Target(true, 1.15);
        Target validated = new Target(true, 1.1);
        Target units = new Target(false, 0.6);
        Target second = new Target(false, 1.3);
        String byHand = "records and checks by hand";
        String validator = "Hibernate Validator";
        String engine = "through the engine";
        String ports = "through the ports";
        return List.of(
                new ReportRow(CREATE + byHand, CREATE_BY_HAND, CREATE_ERRAND, false, slower),
                new ReportRow(
                        CREATE + validator, CREATE_VALIDATOR, CREATE_ERRAND, false, validated),
                new ReportRow(RUN + byHand, RUN_BY_HAND, RUN_ERRAND, false, slower),
                new ReportRow(RUN + validator, RUN_VALIDATOR, RUN_ERRAND, false, validated),
                new ReportRow(UNITS + engine, UNITS_BY_HAND, UNITS_ENGINE, false, units),
                new ReportRow(UNITS + ports, UNITS_BY_HAND, UNITS_PORTS, false, units),
                new ReportRow(SECOND + engine, UNITS_ENGINE, UNITS_ENGINE_2, true, second),
                new ReportRow(SECOND + ports, UNITS_PORTS, UNITS_PORTS_2, true, second));
    }

    /** The line in Markdown: of the best rounds; then of all, the median and the range. */
    String line(List<Map<Measurement, Double>> rounds) {
        double value = best(judged, rounds) / best(base, rounds);
        double[] all = rounds.stream().mapToDouble(r -> r.get(judged) / r.get(base)).toArray();
        Arrays.sort(all);
        return String.format(
                Locale.ROOT,
                "| %s | %s | %s | %.2f | %.2f (%.2f–%.2f) | %s | %s |",
                work,
                isGain
                        ? figure(best(UNITS_BY_HAND_2, rounds) / best(UNITS_BY_HAND, rounds), "×")
                        : figure(best(base, rounds), base.unit()),
                isGain ? figure(value, "×") : figure(best(judged, rounds), judged.unit()),
                value,
                median(all),
                all[0],
                all[all.length - 1],
                target,
                target.holds(value) ? "yes" : "**no**");
    }

    /** Whatever else a machine does can only slow a process down. */
    private static double best(Measurement measured, List<Map<Measurement, Double>> rounds) {
        DoubleSummaryStatistics figures =
                rounds.stream().mapToDouble(r -> r.get(measured)).summaryStatistics();
        return measured.isTime() ? figures.getMin() : figures.getMax();
    }

    private static double median(double[] sorted) {
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    private static String figure(double value, String unit) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f %s" : "%.2f %s", value, unit);
    }
}
