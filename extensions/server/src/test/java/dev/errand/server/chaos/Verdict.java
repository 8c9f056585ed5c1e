package dev.errand.server.chaos;

import dev.errand.run.RunTransitions;
import dev.errand.server.chaos.Journal.Execution;
import dev.errand.server.chaos.Journal.Notes;
import dev.errand.spi.run.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What must hold when everything has settled. Pure.
 *
 * <p>Every run that was asked for is there once and has ended; its statuses are a path of contract
 * G3. No execution was started twice. A run that completed did so by the one execution that it has
 * on record. One that failed is one whose sandbox was killed.
 */
final class Verdict {

    private static final Set<String> ENDS = Set.of("completed", "failed", "cancelled");

    private final List<String> wrong = new ArrayList<>();

    /** What is wrong, a line each. */
    static List<String> of(
            Set<String> asked,
            Map<String, Database.Row> runs,
            Map<String, List<String>> histories,
            Map<Execution, Notes> journal,
            Set<String> harmed) {
        Verdict verdict = new Verdict();
        verdict.expect(
                runs.keySet().equals(asked),
                "%d runs are there, not %d",
                runs.size(),
                asked.size());
        runs.forEach(
                (run, row) -> {
                    verdict.status(run, row, histories.getOrDefault(run, List.of()));
                    verdict.executions(run, row, journal, harmed);
                });
        journal.forEach(
                (execution, notes) ->
                        verdict.expect(
                                notes.pids().size() == 1 && notes.ends() <= 1,
                                "%s was started %d times and ended %d times",
                                execution,
                                notes.pids().size(),
                                notes.ends()));
        return List.copyOf(verdict.wrong);
    }

    private void status(String run, Database.Row row, List<String> history) {
        expect(ENDS.contains(row.status()), "run %s is %s", run, row.status());
        expect(row.phase().equals("done"), "run %s is owed something: %s", run, row.phase());
        expect(isPath(history), "run %s was %s", run, history);
    }

    /**
     * Whether a run that was queued may have been all this, one after the other. What ended before
     * its start was stored came from queued to its end in one step.
     */
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
            String run, Database.Row row, Map<Execution, Notes> journal, Set<String> harmed) {
        Notes onRecord =
                journal.getOrDefault(new Execution(run, row.attempt()), new Notes(List.of(), 0));
        if (row.status().equals("completed")) {
            expect(
                    onRecord.pids().size() == 1 && onRecord.ends() == 1,
                    "run %s completed by attempt %d, which noted %s",
                    run,
                    row.attempt(),
                    onRecord);
        } else {
            expect(
                    harmed.contains(run),
                    "run %s is %s, and nobody killed its sandbox: %s",
                    run,
                    row.status(),
                    row.error());
        }
    }

    private void expect(boolean isSo, String otherwise, Object... facts) {
        if (!isSo) {
            wrong.add(otherwise.formatted(facts));
        }
    }
}
