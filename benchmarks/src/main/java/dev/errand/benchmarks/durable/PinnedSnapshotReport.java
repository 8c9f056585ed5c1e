package dev.errand.benchmarks.durable;

import dev.errand.benchmarks.durable.LifecycleCandidate.Window;
import dev.errand.jdbc.JdbcBackend;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.LocalDate;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Measures Errand's lifecycle on PostgreSQL while another transaction holds a snapshot, as a backup
 * or a report does. PostgreSQL cannot remove the dead rows and index entries that arise in the
 * meantime. Half of what the machine can do without the snapshot is asked for.
 */
public final class PinnedSnapshotReport {

    private static final String USAGE =
            "usage: PinnedSnapshotReport [--quick] [--minutes 30] [--rate units/s]"
                    + " [--url jdbc:postgresql://host/postgres?user=...]";

    private static final int THREADS = 8;
    private static final int INTERVALS = 12;
    private static final Duration BASELINE = Duration.ofSeconds(20);

    private PinnedSnapshotReport() {}

    /** The options of the command. */
    private record Options(Duration duration, Optional<Double> rate, Optional<String> url) {

        static Options of(String... arguments) {
            Deque<String> left = new ArrayDeque<>(List.of(arguments));
            Duration duration = Duration.ofMinutes(30);
            Optional<Double> rate = Optional.empty();
            Optional<String> url = Optional.empty();
            while (!left.isEmpty()) {
                String option = left.pop();
                if (option.equals("--quick")) {
                    duration = Duration.ofMinutes(2);
                    continue;
                }
                if (left.isEmpty()) {
                    throw new IllegalArgumentException(USAGE);
                }
                String value = left.pop();
                switch (option) {
                    case "--minutes" -> duration = Duration.ofMinutes(number(value));
                    case "--rate" -> rate = Optional.of((double) number(value));
                    case "--url" -> url = Optional.of(value);
                    default -> throw new IllegalArgumentException(USAGE);
                }
            }
            return new Options(duration, rate, url);
        }

        private static long number(String text) {
            if (!text.matches("[1-9]\\d{0,5}")) {
                throw new IllegalArgumentException(USAGE);
            }
            return Long.parseLong(text);
        }
    }

    /**
     * Prints the report.
     *
     * @param arguments {@code --quick} for two minutes, {@code --minutes} for another duration,
     *     {@code --rate} for another rate, {@code --url} for an existing server
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
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "error");
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        double loadBefore = MachineInfo.load();
        DatabaseServer server = DatabaseServer.of(options.url());
        String url = server.createNew("errand_bench_pinned");
        migrate(url);
        measure(url, options, out);
        out.println(MachineInfo.description() + ".");
        out.println(server.description() + ".");
        out.printf(
                "%s; load average %.1f before and %.1f after.%n",
                LocalDate.now(), loadBefore, MachineInfo.load());
    }

    private static void migrate(String url) {
        try (var pool = ErrandHost.pool(url, 2)) {
            JdbcBackend.builder(pool).migrate().open().close();
        }
    }

    private static void measure(String url, Options options, PrintStream out) throws Exception {
        Window warmUp = new Window(0, 6_000);
        Window window = new Window(1_000, 5_000);
        ErrandCandidate.SEPARATE.measure(url, THREADS, warmUp);
        double most = ErrandCandidate.SEPARATE.measure(url, THREADS, window).unitsPerSecond();
        double rate = options.rate().orElse(most / 2);
        out.printf(
                "%,.0f units/s with %d threads without a limit; %,.0f are asked for.%n%n",
                most, THREADS, rate);
        out.println(
                "| | units/s | waiting runs | dead rows of the queue | claim p50, ms | p99, ms |");
        out.println("|---|---|---|---|---|---|");
        try (ErrandHost host = ErrandHost.open(url, THREADS + 1);
                Connection connection = DriverManager.getConnection(url);
                PacedLoad load = PacedLoad.start(host, THREADS, rate)) {
            row(out, "no snapshot", load, BASELINE, host, connection);
            try (Connection reader = pinSnapshot(url)) {
                Duration interval = options.duration().dividedBy(INTERVALS);
                for (int i = 1; i <= INTERVALS; i++) {
                    Duration passed = interval.multipliedBy(i);
                    String label = "snapshot for %d s".formatted(passed.toSeconds());
                    row(out, label, load, interval, host, connection);
                }
                reader.rollback();
            }
            try (Statement statement = connection.createStatement()) {
                statement.execute("vacuum errand_queue");
            }
            row(out, "after its end", load, BASELINE, host, connection);
        }
        out.println();
    }

    private static Connection pinSnapshot(String url) throws SQLException {
        Connection connection = DriverManager.getConnection(url);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        connection.setAutoCommit(false);
        try (Statement statement = connection.createStatement()) {
            statement.execute("select count(*) from errand_queue");
        }
        return connection;
    }

    private static void row(
            PrintStream out,
            String label,
            PacedLoad load,
            Duration interval,
            ErrandHost host,
            Connection connection)
            throws Exception {
        PacedLoad.Interval measured = load.measure(interval);
        out.printf(
                "| %s | %,.0f | %,d | %,d | %.2f | %.2f |%n",
                label,
                measured.unitsPerSecond(),
                host.backend().queue().depth(SampleWork.SCOPE).waiting(),
                deadRows(connection),
                measured.claimMillis(0.5),
                measured.claimMillis(0.99));
    }

    private static long deadRows(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                """
                                select n_dead_tup from pg_stat_user_tables
                                where relname = 'errand_queue'""")) {
            row.next();
            return row.getLong(1);
        }
    }
}
