package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.util.Locale;

/**
 * Measures Errand on one PostgreSQL that writes to the disk, beside the limits by hand and two
 * schedulers, and prints how they stand.
 */
public final class DurableReport {

    private DurableReport() {}

    /**
     * Prints the report.
     *
     * @param arguments as {@link Options#USAGE} says
     */
    public static void main(String[] arguments) throws Exception {
        Options options;
        try {
            options = Options.of(arguments);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        // One language of numbers, whatever the machine's.
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double loadBefore = Machine.load();
        Server server = Server.of(options.url());
        StringBuilder report = new StringBuilder();
        if (options.lists()) {
            report.append(new ListReport(server, options, out).measure());
        }
        if (options.lifecycle()) {
            Lifecycles lifecycles = new Lifecycles(server, out, options.quick());
            report.append(new LifecycleReport(lifecycles.measure()).tables());
        }
        if (options.dispatch()) {
            Dispatches dispatches = new Dispatches(server, out, options.quick());
            report.append(dispatches.measure().tables());
        }
        out.println(report);
        out.println(Machine.description() + ".");
        out.println(server.description() + ".");
        out.printf(
                "%s; load average %.1f before and %.1f after.%n",
                LocalDate.now(), loadBefore, Machine.load());
    }
}
