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
 * A row of the report, which compares two measurements.
 *
 * @param work a description of the work and how it is invoked
 * @param base the divisor
 * @param judged the dividend
 * @param isGain whether both measure Errand with a different number of threads; the gain of the
 *     baseline is then shown for comparison
 * @param target the target of the ratio
 */
record ReportRow(String work, Measurement base, Measurement judged, boolean isGain, Target target) {

    /** A bound of a ratio. */
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
    private static final String SECOND = "lifecycle in memory, gain from a second thread, ";

    static List<ReportRow> all() {
        Target slower = new Target(true, 1.15);
        Target validated = new Target(true, 1.1);
        Target units = new Target(false, 0.6);
        Target second = new Target(false, 1.3);
        String byHand = "hand-written records and checks";
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

    /**
     * Returns the row in Markdown: the values of the best rounds, then the median and range over
     * all rounds.
     */
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

    /** The best value, because other load on the machine can only slow a process down. */
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
