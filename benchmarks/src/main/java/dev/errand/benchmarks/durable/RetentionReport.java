package dev.errand.benchmarks.durable;

import com.zaxxer.hikari.HikariDataSource;
import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import dev.errand.jdbc.JdbcBackend;
import dev.errand.retention.RetentionPolicy;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Measures the rate at which units of work are executed while a housekeeper deletes half of the
 * tasks for good, and compares it with the rate without deletions.
 */
public final class RetentionReport {

    private static final RatioTarget RATE = RatioTarget.atLeast(0.8);
    private static final int THREADS = 4;
    private static final String DATABASE = "errand_bench_retention";

    private RetentionReport() {}

    /**
     * Prints the report.
     *
     * @param arguments {@code --quick} for 100,000 instead of 1,000,000 tasks
     */
    public static void main(String[] arguments) throws Exception {
        boolean quick = List.of(arguments).equals(List.of("--quick"));
        if (arguments.length > 0 && !quick) {
            System.err.println("usage: RetentionReport [--quick]");
            System.exit(2);
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        long tasks = quick ? 100_000 : 1_000_000;
        DatabaseServer server = DatabaseServer.of(Optional.empty());
        out.printf("%s%n%s%n", MachineInfo.description(), server.description());
        String url = server.createNew(DATABASE);
        load(url, tasks, out);
        Window window = quick ? new Window(2_000, 8_000) : new Window(10_000, 60_000);
        double alone = rate(url, window);
        ExecutorService deleter = Executors.newSingleThreadExecutor();
        try (ErrandHost host = ErrandHost.open(url, 1)) {
            RetentionPolicy policy = RetentionPolicy.DEFAULT.withDeletedTasks(Duration.ZERO);
            long begin = System.nanoTime();
            Future<Long> deleted =
                    deleter.submit(() -> host.housekeeper(policy).runOnce().erased().tasks());
            double during = rate(url, window);
            boolean isLongEnough = !deleted.isDone();
            long erased = deleted.get();
            double seconds = (System.nanoTime() - begin) / 1e9;
            out.printf(
                    "%n| tasks | deleted | seconds | units/s alone | units/s during deletion | ratio (target %s) |%n"
                            + "|---|---|---|---|---|---|%n"
                            + "| %,d | %,d | %.0f | %,.0f | %,.0f | %s%s |%n",
                    RATE,
                    tasks,
                    erased,
                    seconds,
                    alone,
                    during,
                    RATE.judge(during / alone),
                    isLongEnough ? "" : ", deletion ended before the measurement");
        } finally {
            deleter.shutdownNow();
        }
    }

    private static double rate(String url, Window window) throws Exception {
        return ErrandCandidate.SEPARATE.measure(url, THREADS, window).unitsPerSecond();
    }

    /** Fills the tables, and marks half of the tasks as deleted. */
    private static void load(String url, long tasks, PrintStream out) throws Exception {
        try (HikariDataSource pool = ErrandHost.pool(url, 2)) {
            JdbcBackend.builder(pool).migrate().open().close();
            try (Connection connection = pool.getConnection()) {
                new TaskLoader(connection, out).load(tasks, false);
                BenchmarkTables.execute(
                        connection,
                        "update errand_task set deleted_at = created_at where task_number % 2 = 0",
                        "vacuum (analyze) errand_task");
            }
        }
    }
}
