package dev.errand.benchmarks.durable;

import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Measures the lists of databases of several sizes and formats them as tables. */
final class ListReport {

    private static final RatioTarget RATIO = RatioTarget.atMost(1.25);
    private static final RatioTarget GROWTH = RatioTarget.atMost(1.5);

    private final DatabaseServer server;
    private final ReportOptions options;
    private final PrintStream out;

    ListReport(DatabaseServer server, ReportOptions options, PrintStream out) {
        this.server = server;
        this.options = options;
        this.out = out;
    }

    /** Measures the lists, and returns the tables in Markdown. */
    String measure() throws Exception {
        List<Long> sizes = new ArrayList<>(List.of(1_000L, 100_000L, options.tasks()));
        List<Long> distinct = sizes.stream().distinct().sorted().toList();
        Map<Long, Map<ListCase, ListBenchmark.Cost>> costs = new LinkedHashMap<>();
        Map<ListCase, ListBenchmark.Figures> cold = new LinkedHashMap<>();
        Path plans = Files.createDirectories(Path.of("benchmarks/target/explain"));
        for (long size : distinct) {
            String url = database(size);
            ListBenchmark lists = new ListBenchmark(url, options.quick());
            if (costs.isEmpty()) {
                lists.warmUp();
            }
            Map<ListCase, ListBenchmark.Cost> measured = new LinkedHashMap<>();
            Path folder = Files.createDirectories(plans.resolve(Long.toString(size)));
            for (ListCase list : ListCase.all()) {
                ListBenchmark.Cost cost = lists.warm(list);
                out.printf(Locale.ROOT, "%,9d tasks, %-34s %s%n", size, list.name(), line(cost));
                measured.put(list, cost);
                lists.explain(list, folder);
                if (size == options.tasks()) {
                    cold.put(list, lists.cold(list, options.rounds()));
                }
            }
            costs.put(size, measured);
        }
        return warmTable(
                        "The page without a total (`tasks().listAfter`)",
                        costs,
                        cost -> Optional.of(cost.page()))
                + warmTable(
                        "The page with the exact total (`tasks().list`)",
                        costs,
                        ListBenchmark.Cost::counted)
                + coldTable(cold)
                + "The plans of every list are in `"
                + plans
                + "`.\n";
    }

    private String database(long size) throws SQLException {
        String name = "errand_bench_" + size;
        String url = server.url(name);
        if (server.createIfAbsent(name)) {
            try (Connection connection = DriverManager.getConnection(url)) {
                BenchmarkTables.create(connection);
                new TaskLoader(connection, out).load(size, true);
            }
        }
        return url;
    }

    private static String line(ListBenchmark.Cost cost) {
        return "page "
                + figures(cost.page())
                + cost.counted().map(counted -> ", counted " + figures(counted)).orElse("");
    }

    private static String figures(ListBenchmark.Figures figures) {
        return String.format(
                Locale.ROOT,
                "%.2f ms by hand, %.2f ms Errand (%.2f)",
                figures.byHand(),
                figures.errand(),
                figures.ratio());
    }

    private static String warmTable(
            String title,
            Map<Long, Map<ListCase, ListBenchmark.Cost>> costs,
            Function<ListBenchmark.Cost, Optional<ListBenchmark.Figures>> part) {
        List<Long> sizes = List.copyOf(costs.keySet());
        String header = sizes.stream().map("%,d"::formatted).collect(Collectors.joining(" / "));
        StringBuilder table = new StringBuilder();
        table.append("\n%s, at %s tasks:\n\n".formatted(title, header));
        table.append("| filter | by hand, ms | Errand, ms | ratio (%s) |".formatted(RATIO));
        table.append(" growth in the last step (%s without search) |\n".formatted(GROWTH));
        table.append("|---|---|---|---|---|\n");
        for (ListCase list : ListCase.all()) {
            List<ListBenchmark.Figures> row =
                    costs.values().stream()
                            .flatMap(cost -> part.apply(cost.get(list)).stream())
                            .toList();
            if (!row.isEmpty()) {
                table.append(
                        "| %s | %s | %s | %s | %s |\n"
                                .formatted(
                                        list.name(),
                                        cells(row, figures -> ms(figures.byHand())),
                                        cells(row, figures -> ms(figures.errand())),
                                        cells(row, figures -> RATIO.judge(figures.ratio())),
                                        growth(list, row)));
            }
        }
        return table.toString();
    }

    private static String growth(ListCase list, List<ListBenchmark.Figures> row) {
        if (row.size() < 2) {
            return "";
        }
        double growth = row.get(row.size() - 1).errand() / row.get(row.size() - 2).errand();
        return list.searches() ? "%.2f".formatted(growth) : GROWTH.judge(growth);
    }

    private String coldTable(Map<ListCase, ListBenchmark.Figures> cold) {
        StringBuilder table = new StringBuilder();
        table.append(
                "\nThe first cold page of %,d tasks, without a total; %s:\n\n"
                        .formatted(
                                options.tasks(),
                                CacheEviction.dropsFileCache()
                                        ? "caches of the database and the operating system evicted"
                                        : "cache of the database evicted, but not the file cache of the operating system"));
        table.append("| filter | by hand, ms | Errand, ms | ratio |\n|---|---|---|---|\n");
        cold.forEach(
                (list, figures) ->
                        table.append(
                                "| %s | %s | %s | %.2f |\n"
                                        .formatted(
                                                list.name(),
                                                ms(figures.byHand()),
                                                ms(figures.errand()),
                                                figures.ratio())));
        return table.append('\n').toString();
    }

    private static String cells(
            List<ListBenchmark.Figures> row, Function<ListBenchmark.Figures, String> cell) {
        return row.stream().map(cell).collect(Collectors.joining(" / "));
    }

    private static String ms(double value) {
        return String.format(Locale.ROOT, value >= 10 ? "%.0f" : "%.2f", value);
    }
}
