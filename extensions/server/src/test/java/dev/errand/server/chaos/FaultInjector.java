package dev.errand.server.chaos;

import dev.errand.server.chaos.AgentJournal.ExecutionId;
import dev.errand.server.chaos.AgentJournal.ExecutionRecord;
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

/** Injects faults in the order that a seed determines, and records the affected runs. */
final class FaultInjector implements AutoCloseable {

    private final ChaosSettings settings;
    private final List<Node> nodes;
    private final Database database;
    private final Sandboxes sandboxes;
    private final AgentJournal journal;
    private final Path tokens;
    private final Client client;
    private final Random random;
    private final List<Fault> round = new ArrayList<>();

    /** Runs faults that take longer than the interval, at most one per node. */
    private final ExecutorService background = Executors.newCachedThreadPool();

    private final Set<Object> busy = ConcurrentHashMap.newKeySet();
    private final Set<String> killedSandboxes = ConcurrentHashMap.newKeySet();
    private final List<String> violations = new ArrayList<>();
    private final Map<Fault, Integer> counts = new EnumMap<>(Fault.class);

    FaultInjector(
            ChaosSettings settings,
            List<Node> nodes,
            Database database,
            Sandboxes sandboxes,
            AgentJournal journal,
            Path tokens,
            Client client) {
        this.settings = settings;
        this.nodes = nodes;
        this.database = database;
        this.sandboxes = sandboxes;
        this.journal = journal;
        this.tokens = tokens;
        this.client = client;
        this.random = new Random(settings.seed());
    }

    /**
     * Injects the next fault. Each kind occurs once before one is repeated. A fault that is not
     * possible at the moment is postponed.
     */
    void next() throws IOException, SQLException {
        if (counts.values().stream().mapToInt(Integer::intValue).sum() >= settings.maxFaults()) {
            return;
        }
        if (round.isEmpty()) {
            round.addAll(List.of(Fault.values()));
            Collections.shuffle(round, random);
        }
        Fault fault = round.remove(0);
        Node node = nodes.get(random.nextInt(nodes.size()));
        boolean injected =
                switch (fault) {
                    case KILL_SERVER -> inBackground(node, () -> killAndRestart(node));
                    case PAUSE_SERVER -> inBackground(node, () -> pauseAndResume(node));
                    case STOP_DATABASE ->
                            inBackground(database, () -> database.stopFor(settings.outage()));
                    case KILL_SANDBOX -> killSandbox();
                    case LATE_REPORT -> !busy.contains(database) && reportLate(node);
                };
        if (injected) {
            counts.merge(fault, 1, Integer::sum);
        } else {
            round.add(fault);
        }
    }

    /** Returns the runs whose sandboxes were killed. */
    Set<String> killedSandboxes() {
        return Set.copyOf(killedSandboxes);
    }

    /** Returns how often each fault was injected. */
    Map<Fault, Integer> counts() {
        return Map.copyOf(counts);
    }

    /** Returns the violations that were detected immediately. */
    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    /** Waits until all servers and the database are restored. */
    @Override
    public void close() {
        background.shutdown();
        try {
            if (!background.awaitTermination(2, TimeUnit.MINUTES)) {
                report("a process was not restored in time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** A fault that takes a while. */
    private interface BackgroundFault {
        void run() throws IOException, InterruptedException;
    }

    private boolean inBackground(Object target, BackgroundFault fault) {
        if (!busy.add(target)) {
            return false;
        }
        background.execute(
                () -> {
                    try {
                        fault.run();
                    } catch (IOException | InterruptedException | RuntimeException failure) {
                        report(target + ": " + failure);
                    } finally {
                        busy.remove(target);
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
        Pause.of(settings.pause());
        node.resume();
    }

    /** Kills the agent or the shell around it. */
    private boolean killSandbox() throws IOException {
        List<Map.Entry<ExecutionId, ExecutionRecord>> alive =
                journal.read().entrySet().stream()
                        .filter(entry -> entry.getValue().ends() == 0)
                        .filter(entry -> isAlive(entry.getKey(), entry.getValue()))
                        .toList();
        if (alive.isEmpty()) {
            return false;
        }
        Map.Entry<ExecutionId, ExecutionRecord> target = alive.get(random.nextInt(alive.size()));
        String run = target.getKey().run();
        Optional<ProcessHandle> agent = ProcessHandle.of(target.getValue().pids().get(0));
        boolean killsShell = random.nextBoolean();
        Optional<ProcessHandle> process =
                agent.flatMap(handle -> killsShell ? handle.parent() : Optional.of(handle))
                        .filter(handle -> sandboxes.isOf(handle.pid(), run));
        killedSandboxes.add(run);
        return process.map(ProcessHandle::destroyForcibly).orElse(false);
    }

    private boolean isAlive(ExecutionId execution, ExecutionRecord record) {
        return record.pids().stream().anyMatch(pid -> sandboxes.isOf(pid, execution.run()));
    }

    /** Reports a status for a superseded attempt, or for an attempt whose run has completed. */
    private boolean reportLate(Node node) throws IOException {
        Map<String, Database.Row> runs;
        try {
            runs = database.runs();
        } catch (SQLException away) {
            return false;
        }
        List<ExecutionId> late = new ArrayList<>();
        List<ExecutionId> superseded = new ArrayList<>();
        for (ExecutionId execution : journal.read().keySet()) {
            Database.Row row = runs.get(execution.run());
            if (row != null && execution.attempt() < row.attempt()) {
                superseded.add(execution);
            } else if (row != null && row.status().equals("completed")) {
                late.add(execution);
            }
        }
        List<ExecutionId> candidates =
                superseded.isEmpty() || random.nextBoolean() ? late : superseded;
        if (candidates.isEmpty() || !node.isWorking()) {
            return false;
        }
        ExecutionId reporter = candidates.get(random.nextInt(candidates.size()));
        Path token = tokens.resolve(reporter.run() + "." + reporter.attempt());
        if (Files.notExists(token)) {
            return false;
        }
        String path = "tasks/" + runs.get(reporter.run()).task() + "/runs/" + reporter.run() + "/";
        try {
            int code = client.report(node, path, Files.readString(token), "failed");
            if (code / 100 == 2) {
                report(reporter + " reported late and was accepted");
            }
        } catch (IOException noAnswer) {
            return false;
        }
        return true;
    }

    private synchronized void report(String violation) {
        violations.add(violation);
    }
}
