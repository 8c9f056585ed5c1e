package dev.errand.server.chaos;

import dev.errand.run.RunTransitions;
import dev.errand.server.chaos.AgentJournal.ExecutionId;
import dev.errand.server.chaos.AgentJournal.ExecutionRecord;
import dev.errand.spi.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Checks the invariants after all runs have ended.
 *
 * <p>Every queued run exists once and has ended, and its statuses are a valid path
 * (docs/wire/runs.md#g3). No execution was started twice. A completed run was completed by its
 * recorded execution. A run failed only if its sandbox was killed.
 */
final class InvariantChecker {

    private static final Set<String> TERMINAL = Set.of("completed", "failed", "cancelled");

    private final List<String> violations = new ArrayList<>();

    /** Returns the violations, one per line. */
    static List<String> check(
            Set<String> queued,
            Map<String, Database.Row> runs,
            Map<String, List<String>> histories,
            Map<ExecutionId, ExecutionRecord> journal,
            Set<String> killedSandboxes) {
        InvariantChecker checker = new InvariantChecker();
        checker.expect(
                runs.keySet().equals(queued),
                "found %d runs, expected %d",
                runs.size(),
                queued.size());
        runs.forEach(
                (run, row) -> {
                    checker.status(run, row, histories.getOrDefault(run, List.of()));
                    checker.executions(run, row, journal, killedSandboxes);
                });
        journal.forEach(
                (execution, record) ->
                        checker.expect(
                                record.pids().size() == 1 && record.ends() <= 1,
                                "%s was started %d times and ended %d times",
                                execution,
                                record.pids().size(),
                                record.ends()));
        return List.copyOf(checker.violations);
    }

    private void status(String run, Database.Row row, List<String> history) {
        expect(TERMINAL.contains(row.status()), "run %s is %s", run, row.status());
        expect(!row.isQueued(), "run %s still needs dispatcher action", run);
        expect(isPath(history), "run %s has the invalid history %s", run, history);
    }

    /** Returns whether the statuses are a valid path that begins with queued. */
    private static boolean isPath(List<String> history) {
        if (history.isEmpty() || !history.get(0).equals(RunStatus.QUEUED.wire())) {
            return false;
        }
        for (int i = 1; i < history.size(); i++) {
            if (RunTransitions.decide(status(history.get(i - 1)), status(history.get(i)))
                    != RunTransitions.Decision.ALLOWED) {
                return false;
            }
        }
        return true;
    }

    private static RunStatus status(String wire) {
        return RunStatus.fromWire(wire).orElseThrow();
    }

    private void executions(
            String run,
            Database.Row row,
            Map<ExecutionId, ExecutionRecord> journal,
            Set<String> killedSandboxes) {
        ExecutionRecord recorded =
                journal.getOrDefault(
                        new ExecutionId(run, row.attempt()), new ExecutionRecord(List.of(), 0));
        if (row.status().equals("completed")) {
            expect(
                    recorded.pids().size() == 1 && recorded.ends() == 1,
                    "run %s completed by attempt %d, which recorded %s",
                    run,
                    row.attempt(),
                    recorded);
        } else {
            expect(
                    killedSandboxes.contains(run),
                    "run %s is %s, but its sandbox was not killed: %s",
                    run,
                    row.status(),
                    row.error());
        }
    }

    private void expect(boolean condition, String message, Object... arguments) {
        if (!condition) {
            violations.add(message.formatted(arguments));
        }
    }
}
