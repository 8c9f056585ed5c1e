package dev.errand.server.chaos;

import dev.errand.server.chaos.Journal.Execution;
import dev.errand.server.chaos.Journal.Notes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/** Does what happens, as the seed decides, and remembers whom it hurt. */
final class Mischiefs implements AutoCloseable {

    private final Plan plan;
    private final List<Node> nodes;
    private final Database database;
    private final Sandboxes sandboxes;
    private final Journal journal;
    private final Path tokens;
    private final Client client;
    private final Random random;
    private final List<Mischief> round = new ArrayList<>();

    /** What takes longer than the time between two happens here, on one node at a time. */
    private final ExecutorService background = Executors.newCachedThreadPool();

    private final Set<Object> busy = ConcurrentHashMap.newKeySet();
    private final Set<String> harmed = ConcurrentHashMap.newKeySet();
    private final List<String> wrong = new ArrayList<>();
    private final Map<Mischief, Integer> counts = new EnumMap<>(Mischief.class);

    Mischiefs(
            Plan plan,
            List<Node> nodes,
            Database database,
            Sandboxes sandboxes,
            Journal journal,
            Path tokens,
            Client client) {
        this.plan = plan;
        this.nodes = nodes;
        this.database = database;
        this.sandboxes = sandboxes;
        this.journal = journal;
        this.tokens = tokens;
        this.client = client;
        this.random = new Random(plan.seed());
    }

    /**
     * Does the next one, each once before one comes again; one that cannot be done now, as there is
     * nobody to do it to or it is being done already, waits for the next time.
     */
    void next() throws IOException, SQLException {
        if (counts.values().stream().mapToInt(Integer::intValue).sum() >= plan.mischiefs()) {
            return;
        }
        if (round.isEmpty()) {
            round.addAll(List.of(Mischief.values()));
            Collections.shuffle(round, random);
        }
        Mischief mischief = round.remove(0);
        Node node = nodes.get(random.nextInt(nodes.size()));
        boolean done =
                switch (mischief) {
                    case KILL_SERVER -> inBackground(node, () -> killAndRestart(node));
                    case PAUSE_SERVER -> inBackground(node, () -> pauseAndResume(node));
                    case STOP_DATABASE ->
                            inBackground(database, () -> database.stopFor(plan.outage()));
                    case KILL_SANDBOX -> killSandbox();
                    case LATE_REPORT -> !busy.contains(database) && reportLate(node);
                };
        if (done) {
            counts.merge(mischief, 1, Integer::sum);
        } else {
            round.add(mischief);
        }
    }

    /** The runs whose sandboxes were killed. */
    Set<String> harmed() {
        return Set.copyOf(harmed);
    }

    /** What was done, and how often. */
    Map<Mischief, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** What was not as it must be at once. */
    synchronized List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Waits until everybody is back. */
    @Override
    public void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(2, TimeUnit.MINUTES)) {
                complain("somebody did not come back");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** Something that takes its time. */
    private interface Deed {
        void act() throws IOException, InterruptedException;
    }

    private boolean inBackground(Object victim, Deed deed) {
        if (!busy.add(victim)) {
            return false;
        }
        background.execute(
                () -> {
                    try {
                        deed.act();
                    } catch (IOException | InterruptedException | RuntimeException failure) {
                        complain(victim + ": " + failure);
                    } finally {
                        busy.remove(victim);
                    }
                });
        return true;
    }

    private static void killAndRestart(Node node) throws IOException {
        node.kill();
        node.restart();
    }

    private void pauseAndResume(Node node) throws IOException {
        node.pause();
        Pause.of(plan.pause());
        node.resume();
    }

    /** The agent itself or the shell around it. */
    private boolean killSandbox() throws IOException {
        List<Map.Entry<Execution, Notes>> alive =
                journal.read().entrySet().stream()
                        .filter(entry -> entry.getValue().ends() == 0)
                        .filter(entry -> isAlive(entry.getKey(), entry.getValue()))
                        .toList();
        if (alive.isEmpty()) {
            return false;
        }
        Map.Entry<Execution, Notes> victim = alive.get(random.nextInt(alive.size()));
        String run = victim.getKey().run();
        Optional<ProcessHandle> agent = ProcessHandle.of(victim.getValue().pids().get(0));
        boolean wantsShell = random.nextBoolean();
        Optional<ProcessHandle> process =
                agent.flatMap(handle -> wantsShell ? handle.parent() : Optional.of(handle))
                        .filter(handle -> sandboxes.isOf(handle.pid(), run));
        harmed.add(run);
        return process.map(ProcessHandle::destroyForcibly).orElse(false);
    }

    private boolean isAlive(Execution execution, Notes notes) {
        return notes.pids().stream().anyMatch(pid -> sandboxes.isOf(pid, execution.run()));
    }

    /** By an attempt that was superseded, if there is one, else by one whose run has completed. */
    private boolean reportLate(Node node) throws IOException {
        Map<String, Database.Row> runs;
        try {
            runs = database.runs();
        } catch (SQLException away) {
            return false;
        }
        List<Execution> late = new ArrayList<>();
        List<Execution> superseded = new ArrayList<>();
        for (Execution execution : journal.read().keySet()) {
            Database.Row row = runs.get(execution.run());
            if (row != null && execution.attempt() < row.attempt()) {
                superseded.add(execution);
            } else if (row != null && row.status().equals("completed")) {
                late.add(execution);
            }
        }
        List<Execution> candidates =
                superseded.isEmpty() || random.nextBoolean() ? late : superseded;
        if (candidates.isEmpty() || !node.isWorking()) {
            return false;
        }
        Execution reporter = candidates.get(random.nextInt(candidates.size()));
        Path token = tokens.resolve(reporter.run() + "." + reporter.attempt());
        if (Files.notExists(token)) {
            return false;
        }
        String path = "tasks/" + runs.get(reporter.run()).task() + "/runs/" + reporter.run() + "/";
        try {
            int code = client.report(node, path, Files.readString(token), "failed");
            if (code / 100 == 2) {
                complain(reporter + " reported late and was believed");
            }
        } catch (IOException noAnswer) {
            return false;
        }
        return true;
    }

    private synchronized void complain(String what) {
        wrong.add(what);
    }
}
