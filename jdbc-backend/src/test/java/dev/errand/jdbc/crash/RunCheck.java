package dev.errand.jdbc.crash;

import dev.errand.run.RunTransitions;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Checks docs/invariants.md#i3, #i4, #i7 of runs: each was requested, exists once and complete with
 * its queue entry, reached its status along a path of the transition table, and has no lost update.
 */
final class RunCheck {

    private final ProjectContents contents;
    private final History history;
    private final Violations violations;
    private final Map<RunId, List<StepRecord>> changes = new HashMap<>();

    private RunCheck(ProjectContents contents, History history, Violations violations) {
        this.contents = contents;
        this.history = history;
        this.violations = violations;
        history.steps(Step.Kind::changesRun)
                .forEach(
                        record ->
                                changes.computeIfAbsent(
                                                record.step().run(), run -> new ArrayList<>())
                                        .add(record));
    }

    static void check(ProjectContents contents, History history, Violations violations) {
        new RunCheck(contents, history, violations).check();
    }

    private void check() {
        Map<String, Run> found = new HashMap<>();
        for (Run run : contents.everyRun()) {
            String mark = run.branch().orElse("no branch");
            violations.expect(found.put(mark, run) == null, "I7: %s was created twice", mark);
            Optional<StepRecord> creation =
                    history.find(mark)
                            .filter(record -> record.step().kind().createsRun())
                            .filter(record -> record.step().task().equals(run.task()));
            violations.expect(creation.isPresent(), "I7: no request created %s", run);
            creation.ifPresent(record -> check(run, record));
        }
        for (StepRecord record : history.steps(Step.Kind::createsRun)) {
            Run run = found.get(record.step().mark());
            violations.expect(
                    !record.isAcknowledged()
                            || run != null && run.id().toString().equals(record.answer().get(0)),
                    "I7: %s was acknowledged as %s, but stored as %s",
                    record.step(),
                    record.answer(),
                    run);
        }
    }

    private void check(Run run, StepRecord creation) {
        Step step = creation.step();
        violations.expect(
                run.completedAt().isPresent() == run.status().isTerminal(),
                "I3: %s is %s and has the end time %s",
                run.id(),
                run.status(),
                run.completedAt());
        violations.expect(
                run.status() != RunStatus.QUEUED || contents.queued().contains(run.id()),
                "I7: %s is queued, but has no queue entry",
                run.id());
        List<String> manifest =
                run.artifacts().stream().map(artifact -> artifact.id().value()).toList();
        violations.expect(
                manifest.equals(step.artifacts()),
                "I2: the artifacts of %s are %s",
                step,
                manifest);
        RunStatus first =
                step.kind() == Step.Kind.RUN_TASK ? RunStatus.QUEUED : RunStatus.NOT_STARTED;
        checkChanges(run, first, changes.getOrDefault(run.id(), List.of()));
    }

    /** Every change increments the version, so that changes can be counted. */
    private void checkChanges(Run run, RunStatus first, List<StepRecord> changed) {
        long sure = 1 + changed.stream().filter(StepRecord::isAcknowledged).count();
        long open = changed.stream().filter(StepRecord::isOpen).count();
        violations.expect(
                run.version() >= sure && run.version() <= sure + open,
                "I4: %s has %s acknowledged and %s possible changes, but version %s",
                run.id(),
                sure - 1,
                open,
                run.version());
        TreeMap<Long, RunStatus> path = new TreeMap<>(Map.of(1L, first));
        for (StepRecord record : changed) {
            if (record.isAcknowledged() && record.step().kind() != Step.Kind.START_RUN) {
                long version = Long.parseLong(record.answer().get(0));
                violations.expect(
                        path.put(version, RunStatus.valueOf(record.answer().get(1))) == null,
                        "I4: version %s of %s was acknowledged twice",
                        version,
                        run.id());
            }
        }
        RunStatus acknowledged = path.put(run.version(), run.status());
        violations.expect(
                acknowledged == null || acknowledged == run.status(),
                "I7: %s was %s at version %s, but is %s",
                run.id(),
                acknowledged,
                run.version(),
                run.status());
        checkPath(run, path);
        violations.expect(
                lastWriters(changed, Step.Kind.ADVANCE).contains(run.stage().orElse("")),
                "I4: %s has the stage %s, which is not the last one",
                run.id(),
                run.stage());
        Set<String> outputs =
                lastWriters(changed, Step.Kind.SET_OUTPUT).stream()
                        .map(mark -> mark.isEmpty() ? "" : EngineClient.outputOf(mark).text())
                        .collect(Collectors.toSet());
        violations.expect(
                outputs.contains(run.output().map(output -> output.text()).orElse("")),
                "I4: %s has the output %s, which is not the last one",
                run.id(),
                run.output());
    }

    /**
     * Returns the marks of the steps that may have written last: the latest acknowledged one, and
     * all with an unknown outcome.
     */
    private static Set<String> lastWriters(List<StepRecord> changed, Step.Kind kind) {
        List<StepRecord> writers =
                changed.stream().filter(record -> record.step().kind() == kind).toList();
        Set<String> marks =
                writers.stream()
                        .filter(StepRecord::isOpen)
                        .map(record -> record.step().mark())
                        .collect(Collectors.toSet());
        marks.add(
                writers.stream()
                        .filter(StepRecord::isAcknowledged)
                        .max(
                                Comparator.comparingLong(
                                        record -> Long.parseLong(record.answer().get(0))))
                        .map(record -> record.step().mark())
                        .orElse(""));
        return marks;
    }

    private void checkPath(Run run, TreeMap<Long, RunStatus> path) {
        Map.Entry<Long, RunStatus> from = path.firstEntry();
        for (Map.Entry<Long, RunStatus> to : path.tailMap(from.getKey(), false).entrySet()) {
            violations.expect(
                    reachable(from.getValue(), to.getKey() - from.getKey()).contains(to.getValue()),
                    "I3: %s has transitions that are not in the table: %s",
                    run.id(),
                    path);
            from = to;
        }
    }

    /** Returns the statuses that can be reached with the given number of changes. */
    private static Set<RunStatus> reachable(RunStatus from, long changes) {
        Set<RunStatus> reached = EnumSet.of(from);
        for (long i = 0; i < Math.min(changes, RunStatus.values().length); i++) {
            Set<RunStatus> here = EnumSet.copyOf(reached);
            here.forEach(
                    status ->
                            Arrays.stream(RunStatus.values())
                                    .filter(to -> leads(status, to))
                                    .forEach(reached::add));
        }
        return reached;
    }

    private static boolean leads(RunStatus from, RunStatus to) {
        return from == RunStatus.NOT_STARTED && to == RunStatus.QUEUED
                || RunTransitions.decide(from, to) != RunTransitions.Decision.REJECTED;
    }
}
