package dev.errand.benchmarks;

import java.io.IOException;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * Measures the baselines and Errand, and prints the ratios.
 *
 * <p>In a round, each measurement runs in a separate process, next to its baseline. A ratio
 * compares the best round of each side, because other load on the machine can only slow a process
 * down; the median and range of the ratios within the rounds are shown as well. Requests take
 * little time and vary more, so each round measures them twice.
 *
 * <p>A process warms up in many short iterations. With one long iteration, the JVM would replace
 * the measuring loop while it runs, and keep code that was optimized with early profile data: often
 * 1.5 times as slow, and more often for larger code.
 */
public final class Report {

    private static final int ROUNDS = 5;
    private static final TimeValue WARM_UP = TimeValue.milliseconds(500);

    private final PrintStream out;
    private final int rounds;
    private final int iterations;
    private final boolean quick;
    private final Part part;

    private Report(PrintStream out, Part part, boolean quick, int rounds) {
        this.out = out;
        this.part = part;
        this.quick = quick;
        this.rounds = rounds;
        this.iterations = quick ? 1 : 3;
    }

    /** The part of the report to measure. */
    private enum Part {
        ALL,
        REQUESTS,
        MEMORY;

        boolean has(boolean requests) {
            return this == ALL || requests == (this == REQUESTS);
        }
    }

    /**
     * Prints the report; takes about twenty minutes.
     *
     * @param arguments {@code --quick} for one short round of 1.5 minutes, or {@code --rounds} and
     *     their number; {@code --only requests} or {@code --only memory} for one part
     */
    public static void main(String[] arguments) throws RunnerException {
        Part part = Part.ALL;
        boolean quick = false;
        int rounds = ROUNDS;
        Iterator<String> given = List.of(arguments).iterator();
        while (given.hasNext()) {
            String option = given.next();
            String value = option.equals("--quick") || !given.hasNext() ? "" : given.next();
            if (option.equals("--quick")) {
                quick = true;
                rounds = 1;
            } else if (option.equals("--rounds") && value.matches("[1-9][0-9]?")) {
                rounds = Integer.parseInt(value);
            } else if (option.equals("--only") && value.matches("requests|memory")) {
                part = Part.valueOf(value.toUpperCase(Locale.ROOT));
            } else {
                System.err.println(
                        "usage: Report [--quick] [--rounds 1..99] [--only requests|memory]");
                System.exit(2);
            }
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        new Report(out, part, quick, rounds).print();
    }

    private void print() throws RunnerException {
        double loadBefore = load();
        Map<Boolean, List<Map<Measurement, Double>>> measured =
                Map.of(true, new ArrayList<>(), false, new ArrayList<>());
        for (int round = 0; round < rounds; round++) {
            out.printf("round %d of %d%n", round + 1, rounds);
            if (part.has(true)) {
                measured.get(true).add(round(round, true));
            }
            if (part.has(false)) {
                measured.get(false).add(round(round, false));
            }
            if (part.has(true)) {
                measured.get(true).add(round(round + 1, true));
            }
        }
        out.println();
        out.println("| work | baseline | Errand | ratio or gain | within rounds | target | met |");
        out.println("|---|---|---|---|---|---|---|");
        ReportRow.all().stream()
                .filter(row -> part.has(row.base().isTime()))
                .forEach(row -> out.println(row.line(measured.get(row.base().isTime()))));
        out.println();
        out.println(machine());
        if (loadBefore > Runtime.getRuntime().availableProcessors()) {
            out.println("The machine was busy with other work, so these figures are not reliable.");
        }
        out.printf(
                Locale.ROOT,
                "%s; best of %d rounds; load average %.1f before and %.1f after.%n",
                LocalDate.now(),
                rounds,
                loadBefore,
                load());
    }

    private Map<Measurement, Double> round(int round, boolean requests) throws RunnerException {
        Map<Measurement, Double> figures = new EnumMap<>(Measurement.class);
        for (Measurement measured : Measurement.inOrder(round % 2 == 1).toList()) {
            if (measured.isTime() != requests) {
                continue;
            }
            out.printf("%-40s", measured.label());
            double figure = measure(measured);
            out.printf(Locale.ROOT, "%10.2f%n", figure);
            figures.put(measured, figure);
        }
        return figures;
    }

    private double measure(Measurement measured) throws RunnerException {
        Options options =
                new OptionsBuilder()
                        .include(measured.pattern())
                        .threads(measured.threads())
                        .forks(1)
                        .warmupIterations(quick ? 5 : 16)
                        .warmupTime(WARM_UP)
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.seconds(1))
                        .verbosity(VerboseMode.SILENT)
                        .shouldFailOnError(true)
                        .build();
        return new Runner(options).runSingle().getPrimaryResult().getScore();
    }

    private static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    private static String machine() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %s %s; %s %s.",
                processor(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.vm.name"),
                System.getProperty("java.vm.version"));
    }

    private static String processor() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            return lines.filter(line -> line.startsWith("model name"))
                    .findFirst()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .orElse("processor unknown");
        } catch (IOException notLinux) {
            return "processor unknown";
        }
    }
}
