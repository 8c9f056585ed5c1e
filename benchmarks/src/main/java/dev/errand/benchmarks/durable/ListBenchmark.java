package dev.errand.benchmarks.durable;

import dev.errand.access.Caller;
import dev.errand.spi.PageRequest;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.task.TaskId;
import dev.errand.task.Tasks;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;

/**
 * Measures the lists of one database. The baseline and the engine read a list alternately, a few
 * times each per sample; the result is the median.
 */
final class ListBenchmark {

    private static final int PAGE = 100;
    private static final int IN_TURN = 5;
    private static final int WARM_UPS = 12; // By then the database has chosen its plan.
    private static final int LEAST_TIMES = 15;
    private static final long PATIENCE_NANOS = 4_000_000_000L;

    /** Medians in milliseconds. */
    record Figures(double byHand, double errand) {
        double ratio() {
            return errand / byHand;
        }
    }

    /**
     * The cost of one list.
     *
     * @param page the page alone, as a host reads it
     * @param counted the page with the exact total, as the wire API needs it
     */
    record Cost(Figures page, Optional<Figures> counted) {}

    private final String url;
    private final int times;
    private final TaskPosition middle;

    ListBenchmark(String url, boolean quick) throws SQLException {
        this.url = url;
        this.times = quick ? 30 : 120;
        this.middle = middle();
    }

    /** Repeats the same work until the code is compiled. */
    void warmUp() throws Exception {
        for (ListCase list : ListCase.all()) {
            try (ErrandHost host = ErrandHost.open(url, 1);
                    BaselineLists byHand = byHand(list)) {
                repeat(() -> byHand.pageAndCount(), 300);
                repeat(() -> errandPage(host, list), 300);
                repeat(() -> errandCounted(host, list), 300);
            }
        }
    }

    /** Measures one list with everything in memory. */
    Cost warm(ListCase list) throws Exception {
        try (ErrandHost host = ErrandHost.open(url, 1);
                BaselineLists byHand = byHand(list)) {
            Figures page = inTurn(() -> byHand.page(), () -> errandPage(host, list));
            Optional<Figures> counted =
                    list.deep()
                            ? Optional.empty()
                            : Optional.of(
                                    inTurn(
                                            () -> byHand.pageAndCount(),
                                            () -> errandCounted(host, list)));
            return new Cost(page, counted);
        }
    }

    /** Measures the first page of a new connection with no table data in memory. */
    Figures cold(ListCase list, int repetitions) throws Exception {
        List<Double> byHand = new ArrayList<>();
        List<Double> errand = new ArrayList<>();
        for (int i = 0; i < repetitions; i++) {
            try (BaselineLists statements = byHand(list)) {
                CacheEviction.evict(url);
                byHand.add(milliseconds(() -> statements.page()));
            }
            try (ErrandHost host = ErrandHost.open(url, 1)) {
                CacheEviction.evict(url);
                errand.add(milliseconds(() -> errandPage(host, list)));
            }
        }
        return new Figures(median(byHand), median(errand));
    }

    /** Saves the query plans of the engine's statements. */
    void explain(ListCase list, Path folder) throws Exception {
        StatementRecorder recorder = new StatementRecorder();
        try (ErrandHost host = ErrandHost.recording(url, recorder)) {
            recorder.take();
            errandPage(host, list);
            Files.writeString(folder.resolve(list.slug() + ".page.txt"), explain(recorder.take()));
            if (!list.deep()) {
                errandCounted(host, list);
                Files.writeString(
                        folder.resolve(list.slug() + ".counted.txt"), explain(recorder.take()));
            }
        }
    }

    private String explain(List<String> queries) throws SQLException {
        StringBuilder text = new StringBuilder();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String query : queries) {
                text.append(query).append("\n\n");
                try (ResultSet plan =
                        statement.executeQuery("explain (analyze, buffers) " + query)) {
                    while (plan.next()) {
                        text.append(plan.getString(1)).append('\n');
                    }
                }
                text.append('\n');
            }
        }
        return text.toString();
    }

    private Object errandPage(ErrandHost host, ListCase list) {
        return tasks(host).listAfter(list.filter(), after(list), PAGE);
    }

    private static Object errandCounted(ErrandHost host, ListCase list) {
        return tasks(host).list(list.filter(), PageRequest.FIRST);
    }

    private static Tasks tasks(ErrandHost host) {
        return host.as(Caller.host()).tasks();
    }

    private BaselineLists byHand(ListCase list) throws SQLException {
        return new BaselineLists(DriverManager.getConnection(url), list, after(list));
    }

    private Optional<TaskPosition> after(ListCase list) {
        return list.deep() ? Optional.of(middle) : Optional.empty();
    }

    private TaskPosition middle() throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select created_at, id from errand_task where task_number ="
                                        + " (select max(task_number) / 2 from errand_task)")) {
            row.next();
            return new TaskPosition(
                    row.getObject(1, OffsetDateTime.class).toInstant(),
                    TaskId.of(row.getObject(2, UUID.class)));
        }
    }

    private Figures inTurn(Callable<?> byHand, Callable<?> errand) throws Exception {
        repeat(byHand, WARM_UPS);
        repeat(errand, WARM_UPS);
        List<Double> first = new ArrayList<>();
        List<Double> second = new ArrayList<>();
        long patience = System.nanoTime() + PATIENCE_NANOS;
        while (first.size() < times
                && (first.size() < LEAST_TIMES || System.nanoTime() < patience)) {
            for (int i = 0; i < IN_TURN; i++) {
                first.add(milliseconds(byHand));
            }
            for (int i = 0; i < IN_TURN; i++) {
                second.add(milliseconds(errand));
            }
        }
        return new Figures(median(first), median(second));
    }

    private static void repeat(Callable<?> work, int times) throws Exception {
        for (int i = 0; i < times; i++) {
            work.call();
        }
    }

    private static double milliseconds(Callable<?> work) throws Exception {
        long before = System.nanoTime();
        work.call();
        return (System.nanoTime() - before) / 1e6;
    }

    static double median(List<Double> values) {
        double[] sorted = values.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
