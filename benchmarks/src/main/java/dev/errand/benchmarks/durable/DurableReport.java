package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.LocalDate;
import java.util.Locale;

/**
 * Measures Errand on PostgreSQL with fsync on, beside the hand-written baseline and two schedulers,
 * and prints the ratios.
 */
public final class DurableReport {

    private DurableReport() {}

    /**
     * Prints the report.
     *
     * @param arguments see {@link ReportOptions#USAGE}
     */
    public static void main(String[] arguments) throws Exception {
        ReportOptions options;
        try {
            options = ReportOptions.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        // Use the same number format on every machine.
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double loadBefore = MachineInfo.load();
        DatabaseServer server = DatabaseServer.of(options.url());
        long begun = System.nanoTime();
        // Print each part when it is done, so that it is not lost if the next one fails.
        if (options.lists()) {
            begin(out, begun, "Lists");
            out.println(new ListReport(server, options, out).measure());
        }
        if (options.lifecycle()) {
            begin(out, begun, "The lifecycle");
            LifecycleBenchmark lifecycles = new LifecycleBenchmark(server, out, options);
            out.println(new LifecycleReport(lifecycles.measure()).tables());
        }
        if (options.cost()) {
            begin(out, begun, "What PostgreSQL writes for a unit");
            out.println(UnitCostReport.measure(server, out, options.quick()));
        }
        if (options.dispatch()) {
            begin(out, begun, "Dispatch");
            out.println(new DispatchBenchmark(server, out, options).measure().tables());
        }
        out.println(MachineInfo.description() + ".");
        out.println(server.description() + ".");
        out.printf(
                "%s; load average %.1f before and %.1f after.%n",
                LocalDate.now(), loadBefore, MachineInfo.load());
    }

    private static void begin(PrintStream out, long begun, String part) {
        Duration passed = Duration.ofNanos(System.nanoTime() - begun);
        out.printf("%n%s, after %d min %d s%n", part, passed.toMinutes(), passed.toSecondsPart());
    }
}
