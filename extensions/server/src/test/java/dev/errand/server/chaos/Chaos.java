package dev.errand.server.chaos;

import dev.errand.server.chaos.Journal.Execution;
import dev.errand.server.chaos.Journal.Notes;
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

/** One chaos run, from the first process to the verdict. */
final class Chaos {

    private static final String TOKEN = "a-token-of-somebody";
    private static final int CLIENTS = 16;
    private static final Duration SETTLING = Duration.ofSeconds(20);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);

    private final Plan plan;
    private final Path folder;
    private final Consumer<String> progress;
    private final Sandboxes sandboxes;
    private final Journal journal;
    private final Set<String> asked = ConcurrentHashMap.newKeySet();
    private final List<String> wrong = new ArrayList<>();
    private final long begun = System.nanoTime();

    Chaos(Plan plan, Path folder, Consumer<String> progress) {
        this.plan = plan;
        this.folder = folder;
        this.progress = progress;
        this.sandboxes = new Sandboxes(folder.resolve("work"));
        this.journal = new Journal(folder.resolve("journal"));
    }

    /** Lets it happen, and answers what is wrong afterwards, a line each. */
    List<String> run() throws IOException, SQLException, InterruptedException {
        Path tokens = Files.createDirectory(folder.resolve("tokens"));
        Files.createDirectory(folder.resolve("work"));
        Files.writeString(folder.resolve("agent.sh"), Journal.AGENT);
        Files.writeString(
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
                Mischiefs mischiefs =
                        new Mischiefs(plan, nodes, database, sandboxes, journal, tokens, client);
                rage(database, client, mischiefs);
                judge(database, client, mischiefs);
                endAndSweep(nodes, database);
            } finally {
                nodes.forEach(Node::close);
                sandboxes.alive().forEach(ProcessHandle::destroyForcibly);
            }
        }
        return List.copyOf(wrong);
    }

    /** All at once, as each takes a while. */
    private List<Node> startOthers(Database database) throws InterruptedException {
        ExecutorService starters = Executors.newFixedThreadPool(plan.servers());
        try {
            List<Future<Node>> starting = new ArrayList<>();
            for (int i = 2; i <= plan.servers(); i++) {
                String name = "server-" + i;
                starting.add(starters.submit(() -> Node.start(name, folder, options(database))));
            }
            List<Node> started = new ArrayList<>();
            for (Future<Node> one : starting) {
                started.add(one.get());
            }
            return started;
        } catch (ExecutionException failure) {
            throw new IllegalStateException("a server does not start", failure.getCause());
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
        options.add("--lease=" + plan.lease());
        options.add("--stop-grace=PT1S");
        options.add(
                "--agent-command=/bin/sh %s %s %s %d"
                        .formatted(
                                folder.resolve("agent.sh"),
                                folder.resolve("journal"),
                                folder.resolve("tokens"),
                                plan.workMillis()));
        return options;
    }

    /** Queues all runs, and lets things happen until they have ended. */
    private void rage(Database database, Client client, Mischiefs mischiefs)
            throws IOException, SQLException {
        AtomicInteger number = new AtomicInteger();
        ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
        for (int i = 0; i < CLIENTS; i++) {
            clients.execute(
                    () -> {
                        for (int n = number.incrementAndGet();
                                n <= plan.runs();
                                n = number.incrementAndGet()) {
                            asked.add(client.queueRun(n));
                        }
                    });
        }
        clients.shutdown();
        long lineAt = System.nanoTime();
        Map<String, Long> standing = Map.of();
        try (mischiefs) {
            while (!isOver(standing) && !isTooLate()) {
                Pause.of(plan.every());
                if (isUnderWay(standing)) {
                    mischiefs.next();
                }
                try {
                    standing = standing(database);
                } catch (SQLException away) {
                    // It was stopped, and comes back.
                }
                if (System.nanoTime() - lineAt >= BETWEEN_LINES.toNanos()) {
                    lineAt = System.nanoTime();
                    progress.accept(line(standing, mischiefs));
                }
            }
        } finally {
            clients.shutdownNow();
        }
        expect(
                await(() -> isOver(standingOrNone(database)), Duration.ofMinutes(1)),
                "not all runs have ended in time: " + standing(database));
        progress.accept(line(standing(database), mischiefs));
    }

    private void judge(Database database, Client client, Mischiefs mischiefs)
            throws IOException, SQLException {
        expect(
                await(() -> sandboxes.alive().isEmpty(), SETTLING),
                "there are orphans: " + sandboxes.alive());
        Map<String, Database.Row> runs = database.runs();
        Map<Execution, Notes> notes = journal.read();
        wrong.addAll(mischiefs.wrong());
        wrong.addAll(Verdict.of(asked, runs, database.histories(), notes, mischiefs.harmed()));
        expect(database.tasks() == plan.runs(), "there are " + database.tasks() + " tasks");
        long superseded =
                notes.keySet().stream()
                        .filter(one -> one.attempt() < runs.get(one.run()).attempt())
                        .count();
        progress.accept(
                "%d executions, %d of them superseded; %d directories kept, %d left to be swept; %s"
                        .formatted(
                                notes.size(),
                                superseded,
                                left("attempt_[0-9]+.kept").size(),
                                left("attempt_[0-9]+").size(),
                                logs(client, runs)));
    }

    /**
     * What completed was told: each line at least once, and again only where a teller was killed.
     */
    private String logs(Client client, Map<String, Database.Row> runs) {
        int twice = 0;
        for (Map.Entry<String, Database.Row> run : runs.entrySet()) {
            if (run.getValue().status().equals("completed")) {
                String log =
                        client.read(
                                "tasks/"
                                        + run.getValue().task()
                                        + "/runs/"
                                        + run.getKey()
                                        + "/logs/");
                int told = log.split("has worked", -1).length - 1;
                expect(told >= 1, "the log of run " + run.getKey() + " lacks its end");
                twice += told > 1 ? 1 : 0;
            }
        }
        return twice + " logs have lines twice";
    }

    /** An orderly end, and a start after which nothing old is kept. */
    private void endAndSweep(List<Node> nodes, Database database)
            throws IOException, InterruptedException {
        for (Node node : nodes) {
            expect(node.end(), node + " did not end well");
        }
        List<String> options = options(database, "--keep-for=PT1S");
        try (Node last = Node.start("server-last", folder, options)) {
            new Client(List.of(last), TOKEN).queueRun(plan.runs() + 1);
            expect(
                    await(() -> left("attempt_.*").isEmpty(), SETTLING),
                    "directories that are never cleared away: " + left("attempt_.*"));
        }
    }

    private List<Path> left(String name) {
        try {
            return sandboxes.directories().stream()
                    .filter(path -> path.getFileName().toString().matches(name))
                    .toList();
        } catch (IOException | java.io.UncheckedIOException changing) {
            return List.of(sandboxes.workDirectory());
        }
    }

    private static Map<String, Long> standing(Database database) throws SQLException {
        return database.runs().values().stream()
                .collect(
                        Collectors.groupingBy(
                                Database.Row::status, TreeMap::new, Collectors.counting()));
    }

    private static Map<String, Long> standingOrNone(Database database) {
        try {
            return standing(database);
        } catch (SQLException away) {
            return Map.of();
        }
    }

    private boolean isOver(Map<String, Long> standing) {
        return standing.values().stream().mapToLong(Long::longValue).sum() >= plan.runs()
                && !standing.containsKey("queued")
                && !standing.containsKey("in_progress");
    }

    private static boolean isUnderWay(Map<String, Long> standing) {
        return standing.containsKey("in_progress") || standing.containsKey("completed");
    }

    private boolean isTooLate() {
        return System.nanoTime() - begun > plan.atMost().toNanos();
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

    private String line(Map<String, Long> standing, Mischiefs mischiefs) {
        return "%4d s  %s  %s"
                .formatted(
                        TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - begun),
                        standing,
                        new TreeMap<>(mischiefs.counts()));
    }

    private void expect(boolean isSo, String otherwise) {
        if (!isSo) {
            wrong.add(otherwise);
        }
    }
}
