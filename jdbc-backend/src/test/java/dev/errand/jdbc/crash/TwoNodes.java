package dev.errand.jdbc.crash;

import dev.errand.ProjectClient;
import dev.errand.run.RunTaskRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.ProjectScope;
import dev.errand.spi.task.TaskId;
import dev.errand.task.CreateTaskRequest;
import dev.errand.testpostgres.PostgresServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.springframework.util.FileSystemUtils;

/**
 * Runs two engines in two processes that complete the queued runs of one PostgreSQL database, and
 * compares their journals: every run is claimed, and no two of its leases are live at the same time
 * (docs/invariants.md#i6). Now and then one process is suspended for longer than a lease, so that
 * the other takes over its runs.
 *
 * <pre>
 * java -cp … dev.errand.jdbc.crash.TwoNodes --runs 10000 --stops 5
 * </pre>
 */
final class TwoNodes {

    private static final int RUNS_OF_A_TASK = 50;
    private static final int PROJECTS = 4;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration BETWEEN_STOPS = Duration.ofMillis(1_500);
    private static final Duration STOP = DispatcherNode.LEASE.plusMillis(500);
    private static final List<String> NODES = List.of("one", "two");

    private final String url;
    private final Path directory;
    private final int runs;
    private final boolean prints;

    private TwoNodes(String url, Path directory, int runs, boolean prints) {
        this.url = url;
        this.directory = directory;
        this.runs = runs;
        this.prints = prints;
    }

    public static void main(String[] arguments) throws Exception {
        CommandOptions options = CommandOptions.parse(arguments);
        Path directory = Files.createTempDirectory("errand-nodes");
        LeaseCheck leases;
        int runs = options.number("runs", 10_000);
        try (PostgresServer server = PostgresServer.startDurable()) {
            String url = server.newDatabase("nodes");
            leases = new TwoNodes(url, directory, runs, true).run(options.number("stops", 5));
        }
        List<String> violations = leases.check();
        System.out.printf(
                "%n%,d of %,d runs claimed under %,d leases | %d violations%n",
                leases.runs(), runs, leases.claims(), violations.size());
        violations.stream().limit(50).forEach(System.out::println);
        boolean proven = violations.isEmpty() && leases.runs() == runs;
        if (proven) {
            FileSystemUtils.deleteRecursively(directory);
        } else {
            System.out.println("journals: " + directory);
        }
        System.exit(proven ? 0 : 1);
    }

    /** Completes the given number of runs while nodes are suspended the given number of times. */
    static LeaseCheck run(String url, Path directory, int runs, int stops)
            throws IOException, InterruptedException, SQLException {
        return new TwoNodes(url, directory, runs, false).run(stops);
    }

    private LeaseCheck run(int stops) throws IOException, InterruptedException, SQLException {
        EngineClient.migrate(url);
        try (EngineClient client = EngineClient.open(url, directory.resolve("unused"), 8);
                JavaProcess one = start(NODES.get(0));
                JavaProcess two = start(NODES.get(1))) {
            queueRuns(client);
            one.await("ready");
            two.await("ready");
            one.send("begin");
            two.send("begin");
            for (int stop = 0; stop < stops; stop++) {
                LockSupport.parkNanos(BETWEEN_STOPS.toNanos());
                JavaProcess stopped = stop % 2 == 0 ? one : two;
                stopped.signal("STOP");
                LockSupport.parkNanos(STOP.toNanos());
                stopped.signal("CONT");
                print();
            }
            awaitEnd(client);
            one.end();
            two.end();
        }
        return new LeaseCheck(
                NODES.stream().map(node -> DispatcherNode.journalOf(directory, node)).toList());
    }

    private JavaProcess start(String node) throws IOException {
        return JavaProcess.start(DispatcherNode.class, url, directory.toString(), node);
    }

    private void queueRuns(EngineClient client) {
        IntStream.range(0, runs / RUNS_OF_A_TASK)
                .parallel()
                .forEach(
                        number -> {
                            ProjectClient project =
                                    client.project(ProjectId.of(1 + number % PROJECTS));
                            CreateTaskRequest request =
                                    CreateTaskRequest.builder().title("Task " + number).build();
                            TaskId task = project.tasks().create(request).task().id();
                            for (int i = 0; i < RUNS_OF_A_TASK; i++) {
                                project.runs().run(task, RunTaskRequest.builder().build());
                            }
                        });
    }

    private void awaitEnd(EngineClient client) throws SQLException {
        while (client.backend().queue().nextDue(ProjectScope.everyProject()).isPresent()) {
            LockSupport.parkNanos(LOOK.toNanos());
            print();
        }
        print();
    }

    private void print() throws SQLException {
        if (!prints) {
            return;
        }
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var result =
                        statement.executeQuery(
                                "select count(*) from errand_run where status = 'completed'")) {
            result.next();
            System.out.printf("\r%,d of %,d runs completed", result.getLong(1), runs);
            System.out.flush();
        }
    }
}
