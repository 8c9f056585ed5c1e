package dev.errand.server.chaos;

import dev.errand.server.ConfidentialFiles;
import dev.errand.server.chaos.AgentJournal.ExecutionId;
import dev.errand.server.chaos.AgentJournal.ExecutionRecord;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One chaos run: starts the servers, injects faults and checks the invariants. */
final class ChaosScenario {

    private static final String TOKEN = "a-user-token";
    private static final int CLIENTS = 16;
    private static final Duration SETTLE_TIMEOUT = Duration.ofSeconds(20);
    private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);

    private final ChaosSettings settings;
    private final Path folder;
    private final Consumer<String> progress;
    private final Sandboxes sandboxes;
    private final AgentJournal journal;
    private final Set<String> queued = ConcurrentHashMap.newKeySet();
    private final List<String> violations = new ArrayList<>();
    private final long startedAt = System.nanoTime();

    ChaosScenario(ChaosSettings settings, Path folder, Consumer<String> progress) {
        this.settings = settings;
        this.folder = folder;
        this.progress = progress;
        this.sandboxes = new Sandboxes(folder.resolve("work"));
        this.journal = new AgentJournal(folder.resolve("journal"));
    }

    /** Runs the scenario and returns the violations, one per line. */
    List<String> run() throws IOException, SQLException, InterruptedException {
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.createDirectory(folder.resolve("work"));
        Files.writeString(folder.resolve("agent.sh"), AgentJournal.AGENT);
        ConfidentialFiles.write(
                folder.resolve("directory.json"),
                """
                {"projects": [{"id": 1, "name": "Chaos"}],
                 "users": [{"id": 31, "uuid": "2d0f5c6e-7a1b-4b7e-9d41-8c5a6f3e2b01"}],
                 "tokens": [
                   {"token": "%s", "user": 31, "projects": [1], "scopes": ["task:write"]}]}
                """
                        .formatted(TOKEN));
        List<Node> nodes = new ArrayList<>();
        try (Database database = Database.start()) {
            try {
                nodes.add(Node.start("server-1", folder, options(database, "--migrate")));
                database.writeHistory();
                nodes.addAll(startOthers(database));
                Client client = new Client(nodes, TOKEN);
                FaultInjector faults =
                        new FaultInjector(
                                settings, nodes, database, sandboxes, journal, tokens, client);
                injectFaults(database, client, faults);
                checkInvariants(database, client, faults);
                stopAndCleanUp(nodes, database);
            } finally {
                nodes.forEach(Node::close);
                sandboxes.alive().forEach(ProcessHandle::destroyForcibly);
            }
        }
        return List.copyOf(violations);
    }

    /** Starts the servers concurrently, because each start takes a while. */
    private List<Node> startOthers(Database database) throws InterruptedException {
        ExecutorService starters = Executors.newFixedThreadPool(settings.servers());
        try {
            List<Future<Node>> starting = new ArrayList<>();
            for (int i = 2; i <= settings.servers(); i++) {
                String name = "server-" + i;
                starting.add(starters.submit(() -> Node.start(name, folder, options(database))));
            }
            List<Node> started = new ArrayList<>();
            for (Future<Node> execution : starting) {
                started.add(execution.get());
            }
            return started;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("a server cannot be started", failure.getCause());
        } finally {
            starters.shutdown();
        }
    }

    private List<String> options(Database database, String... more) {
        List<String> options = new ArrayList<>(List.of(more));
        String url = database.url();
        options.add("--backend=" + url.substring(0, url.indexOf('?')));
        options.add("--db-user=postgres");
        options.add("--key-file=" + folder.resolve("key"));
        options.add("--directory=" + folder.resolve("directory.json"));
        options.add("--launcher=process");
        options.add("--work-dir=" + folder.resolve("work"));
        options.add("--lease=" + settings.lease());
        options.add("--grace-period=PT1S");
        options.add(
                "--agent-command=/bin/sh %s %s %s %d"
                        .formatted(
                                folder.resolve("agent.sh"),
                                folder.resolve("journal"),
                                folder.resolve("tokens"),
                                settings.workMillis()));
        return options;
    }

    /** Queues all runs, and injects faults until they have ended. */
    private void injectFaults(Database database, Client client, FaultInjector faults)
            throws IOException, SQLException {
        AtomicInteger number = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(
                    () -> {
                        for (int n = number.incrementAndGet();
                                n <= settings.runs();
                                n = number.incrementAndGet()) {
                            queued.add(client.queueRun(n));
                        }
                    });
        }
        clients.shutdown();
        long lineAt = System.nanoTime();
        Map<String, Long> statusCounts = Map.of();
        try (faults) {
            while (!hasEnded(statusCounts) && !isTimedOut()) {
                Pause.of(settings.interval());
                if (hasStarted(statusCounts)) {
                    faults.next();
                }
                try {
                    statusCounts = statusCounts(database);
                } catch (SQLException away) {
                    // The database is restarting.
                }
                if (System.nanoTime() - lineAt >= PROGRESS_INTERVAL.toNanos()) {
                    lineAt = System.nanoTime();
                    progress.accept(line(statusCounts, faults));
                }
            }
        } finally {
            clients.shutdownNow();
        }
        expect(
                await(() -> hasEnded(statusCountsOrEmpty(database)), Duration.ofMinutes(1)),
                "not all runs ended in time: " + statusCounts(database));
        progress.accept(line(statusCounts(database), faults));
    }

    private void checkInvariants(Database database, Client client, FaultInjector faults)
            throws IOException, SQLException {
        expect(
                await(() -> sandboxes.alive().isEmpty(), SETTLE_TIMEOUT),
                "orphaned processes: " + sandboxes.alive());
        Map<String, Database.Row> runs = database.runs();
        Map<ExecutionId, ExecutionRecord> executions = journal.read();
        violations.addAll(faults.violations());
        violations.addAll(
                InvariantChecker.check(
                        queued, runs, database.histories(), executions, faults.killedSandboxes()));
        expect(database.tasks() == settings.runs(), "there are " + database.tasks() + " tasks");
        long superseded =
                executions.keySet().stream()
                        .filter(
                                execution ->
                                        execution.attempt() < runs.get(execution.run()).attempt())
                        .count();
        progress.accept(
                "%d executions, %d of them superseded; %d directories kept, %d not deleted yet; %s"
                        .formatted(
                                executions.size(),
                                superseded,
                                remaining("attempt_[0-9]+.kept").size(),
                                remaining("attempt_[0-9]+").size(),
                                logs(client, runs)));
    }

    /** Checks that the log of every completed run is complete, and counts duplicate lines. */
    private String logs(Client client, Map<String, Database.Row> runs) {
        int duplicates = 0;
        for (Map.Entry<String, Database.Row> run : runs.entrySet()) {
            if (run.getValue().status().equals("completed")) {
                String log =
                        client.read(
                                "tasks/"
                                        + run.getValue().task()
                                        + "/runs/"
                                        + run.getKey()
                                        + "/logs/");
                int occurrences = log.split("has worked", -1).length - 1;
                expect(occurrences >= 1, "the log of run " + run.getKey() + " is incomplete");
                duplicates += occurrences > 1 ? 1 : 0;
            }
        }
        return duplicates + " logs contain duplicate lines";
    }

    /** Stops all servers in order, and starts one that deletes expired directories. */
    private void stopAndCleanUp(List<Node> nodes, Database database)
            throws IOException, InterruptedException {
        for (Node node : nodes) {
            expect(node.end(), node + " did not shut down in order");
        }
        List<String> options = options(database, "--keep-for=PT1S");
        try (Node last = Node.start("server-last", folder, options)) {
            new Client(List.of(last), TOKEN).queueRun(settings.runs() + 1);
            expect(
                    await(() -> remaining("attempt_.*").isEmpty(), SETTLE_TIMEOUT),
                    "directories that are never deleted: " + remaining("attempt_.*"));
        }
    }

    private List<Path> remaining(String name) {
        try {
            return sandboxes.directories().stream()
                    .filter(path -> path.getFileName().toString().matches(name))
                    .toList();
        } catch (IOException | java.io.UncheckedIOException changing) {
            return List.of(sandboxes.workDirectory());
        }
    }

    private static Map<String, Long> statusCounts(Database database) throws SQLException {
        return database.runs().values().stream()
                .collect(
                        Collectors.groupingBy(
                                Database.Row::status, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> statusCountsOrEmpty(Database database) {
        try {
            return statusCounts(database);
        } catch (SQLException away) {
            return Map.of();
        }
    }

    private boolean hasEnded(Map<String, Long> statusCounts) {
        return statusCounts.values().stream().mapToLong(Long::longValue).sum() >= settings.runs()
                && !statusCounts.containsKey("queued")
                && !statusCounts.containsKey("in_progress");
    }

    private static boolean hasStarted(Map<String, Long> statusCounts) {
        return statusCounts.containsKey("in_progress") || statusCounts.containsKey("completed");
    }

    private boolean isTimedOut() {
        return System.nanoTime() - startedAt > settings.timeout().toNanos();
    }

    private static boolean await(BooleanSupplier condition, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > end) {
                return false;
            }
            Pause.of(Duration.ofMillis(100));
        }
        return true;
    }

    private String line(Map<String, Long> statusCounts, FaultInjector faults) {
        return "%4d s  %s  %s"
                .formatted(
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - startedAt),
                        statusCounts,
                        new TreeMap<>(faults.counts()));
    }

    private void expect(boolean condition, String violation) {
        if (!condition) {
            violations.add(violation);
        }
    }
}
