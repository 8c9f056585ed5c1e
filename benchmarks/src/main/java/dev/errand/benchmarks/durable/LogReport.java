package dev.errand.benchmarks.durable;

import dev.errand.access.Caller;
import dev.errand.access.RunGrant;
import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import dev.errand.benchmarks.host.ProjectHost;
import dev.errand.benchmarks.host.SampleLog;
import dev.errand.run.AppendLogRequest;
import dev.errand.run.Runs;
import dev.errand.spi.JsonText;
import dev.errand.spi.run.Run;
import dev.errand.spi.task.Task;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/**
 * Measures appending ten entries to a log through the engine, as the agent of the run, beside one
 * hand-written statement, in turn, on PostgreSQL with fsync on.
 */
public final class LogReport {

    private static final RatioTarget TO_LIMIT = RatioTarget.atLeast(0.5);
    private static final RatioTarget TO_EMPTY_LOG = RatioTarget.atLeast(0.9);
    private static final int ENTRIES_PER_FILL = 5_000;

    private final String url;
    private final PrintStream out;
    private final ReportOptions options;
    private final Window window;

    private LogReport(String url, PrintStream out, ReportOptions options) {
        this.url = url;
        this.out = out;
        this.options = options;
        this.window = options.quick() ? new Window(500, 2_000) : new Window(1_000, 5_000);
    }

    /**
     * Prints the report.
     *
     * @param arguments {@code --quick}, {@code --rounds}, {@code --url} and {@code --tasks}, which
     *     is here the number of entries of the long log; see {@link ReportOptions#USAGE}
     */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        ReportOptions options = ReportOptions.of(arguments);
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double loadBefore = MachineInfo.load();
        DatabaseServer server = DatabaseServer.of(options.url());
        String url = server.createNew("errand_bench_log");
        try (Connection connection = DriverManager.getConnection(url)) {
            BenchmarkTables.createWithoutSearch(connection, BenchmarkTables.ERRAND);
        }
        LogBaseline.createTables(url);
        new LogReport(url, out, options).measure();
        out.println(MachineInfo.description() + ".");
        out.println(server.description() + ".");
        out.printf(
                "%s; load average %.1f before and %.1f after.%n",
                LocalDate.now(), loadBefore, MachineInfo.load());
    }

    private void measure() throws Exception {
        warmUp();
        out.println("| calls/s, best rounds | limit | Errand | ratio | of the rounds | target |");
        out.println("|---|---|---|---|---|---|");
        for (int logs : List.of(1, 8)) {
            for (int connections : List.of(1, 8)) {
                compare(logs, connections);
            }
        }
        compareWithLongLog();
    }

    /** Runs both sides until the compiler has seen them. */
    private void warmUp() throws Exception {
        Window period = new Window(0, options.quick() ? 8_000 : 20_000);
        byHand(8, 4, period);
        errand(8, 4, period);
    }

    private void compare(int logs, int connections) throws Exception {
        List<Double> byHand = new ArrayList<>();
        List<Double> errand = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        for (int round = 0; round < options.rounds(); round++) {
            byHand.add(byHand(logs, connections, window));
            errand.add(errand(logs, connections, window));
            ratios.add(errand.get(round) / byHand.get(round));
        }
        String label =
                (logs == 1 ? "one run, " : "eight runs, ")
                        + connections
                        + (connections == 1 ? " connection" : " connections");
        print(label, byHand, errand, ratios, TO_LIMIT);
    }

    private void compareWithLongLog() throws Exception {
        List<Double> empty = new ArrayList<>();
        List<Double> full = new ArrayList<>();
        List<Double> ratios = new ArrayList<>();
        try (ErrandHost host = ErrandHost.open(url, 1)) {
            Agent filled = Agent.ofNewRun(host);
            for (long count = 0; count < options.tasks(); count += ENTRIES_PER_FILL) {
                filled.append(ENTRIES_PER_FILL);
            }
            for (int round = 0; round < options.rounds(); round++) {
                Agent fresh = Agent.ofNewRun(host);
                empty.add(rate(thread -> fresh, 1, window));
                full.add(rate(thread -> filled, 1, window));
                ratios.add(full.get(round) / empty.get(round));
            }
        }
        String label = "Errand, empty log beside %,d entries".formatted(options.tasks());
        print(label, empty, full, ratios, TO_EMPTY_LOG);
    }

    private void print(
            String label,
            List<Double> limit,
            List<Double> errand,
            List<Double> ratios,
            RatioTarget target) {
        double ratio = best(errand) / best(limit);
        out.printf(
                "| %s | %,.0f | %,.0f | %s | %.2f (%.2f–%.2f) | %s |%n",
                label,
                best(limit),
                best(errand),
                target.judge(ratio),
                ListBenchmark.median(ratios),
                ratios.stream().mapToDouble(it -> it).min().orElseThrow(),
                best(ratios),
                target);
    }

    /** Other load on the machine can only slow a round down. */
    private static double best(List<Double> rounds) {
        return rounds.stream().mapToDouble(it -> it).max().orElseThrow();
    }

    private double byHand(int logs, int connections, Window period) throws Exception {
        return rate(thread -> LogBaseline.open(url, thread % logs), connections, period);
    }

    private double errand(int logs, int connections, Window period) throws Exception {
        try (ErrandHost host = ErrandHost.open(url, connections)) {
            List<Agent> agents = new ArrayList<>();
            for (int i = 0; i < logs; i++) {
                agents.add(Agent.ofNewRun(host));
            }
            return rate(thread -> agents.get(thread % logs).inAnotherThread(), connections, period);
        }
    }

    private static double rate(TimedLoop.WorkFactory works, int threads, Window period)
            throws Exception {
        return TimedLoop.run(works, threads, period).unitsPerSecond();
    }

    /** An agent that appends to the log of its run. One thread uses it. */
    private static final class Agent implements TimedLoop.Work {
        private final ErrandHost host;
        private final Run run;
        private final Runs runs;

        /** Each thread numbers events of its own. */
        private final String source = UUID.randomUUID().toString().substring(0, 8);

        private long next;

        private Agent(ErrandHost host, Run run) {
            this.host = host;
            this.run = run;
            RunGrant grant = new RunGrant(ProjectHost.PROJECT, run.task(), run.id(), run.attempt());
            this.runs = host.as(Caller.agent(Optional.empty(), grant)).runs();
        }

        static Agent ofNewRun(ErrandHost host) {
            Task task = host.as(Caller.host()).tasks().create(SampleWork.of(1).request()).task();
            Run run =
                    host.as(Caller.host())
                            .runs()
                            .run(task.id(), SampleWork.RUN)
                            .latestRun()
                            .orElseThrow();
            return new Agent(host, run);
        }

        Agent inAnotherThread() {
            return new Agent(host, run);
        }

        @Override
        public int step() {
            append(SampleLog.ENTRIES);
            return 1;
        }

        void append(int count) {
            List<String> entries = SampleLog.entries(source, next, count);
            next += count;
            runs.appendLog(
                    run.task(),
                    run.id(),
                    new AppendLogRequest(entries.stream().map(JsonText::of).toList()));
        }
    }
}
