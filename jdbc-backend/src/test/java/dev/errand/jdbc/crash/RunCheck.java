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
 * I3, I4 and I7 of runs: each was asked for once, is whole with its intent to launch, came to stand
 * where it stands along a path in the table, and no acknowledged change of it was lost.
 */
final class RunCheck {

    private final ProjectContents contents;
    private final History history;
    private final Violations findings;
    private final Map<RunId, List<StepRecord>> changes = new HashMap<>();

    private RunCheck(ProjectContents contents, History history, Violations findings) {
        this.contents = contents;
        this.history = history;
        this.findings = findings;
        history.deeds(Step.Kind::changesRun)
                .forEach(
                        deed ->
                                changes.computeIfAbsent(deed.step().run(), run -> new ArrayList<>())
                                        .add(deed));
    }

    static void inspect(ProjectContents contents, History history, Violations findings) {
        new RunCheck(contents, history, findings).inspect();
    }

    private void inspect() {
        Map<String, Run> found = new HashMap<>();
        for (Run run : contents.everyRun()) {
            String mark = run.branch().orElse("no branch");
            findings.expect(found.put(mark, run) == null, "I7: %s was created twice", mark);
            Optional<StepRecord> creation =
                    history.find(mark)
                            .filter(deed -> deed.step().kind().createsRun())
                            .filter(deed -> deed.step().task().equals(run.task()));
            findings.expect(creation.isPresent(), "I7: nobody created %s", run);
            creation.ifPresent(deed -> inspect(run, deed));
        }
        for (StepRecord deed : history.deeds(Step.Kind::createsRun)) {
            Run run = found.get(deed.step().mark());
            findings.expect(
                    !deed.isAcknowledged()
                            || run != null && run.id().toString().equals(deed.answer().get(0)),
                    "I7: %s was acknowledged as %s, but stands as %s",
                    deed.step(),
                    deed.answer(),
                    run);
        }
    }

    private void inspect(Run run, StepRecord creation) {
        Step step = creation.step();
        findings.expect(
                run.completedAt().isPresent() == run.status().isTerminal(),
                "I3: %s is %s and has %s as its end",
                run.id(),
                run.status(),
                run.completedAt());
        findings.expect(
                run.status() != RunStatus.QUEUED || run.dispatch().phase().isActive(),
                "I7: %s is queued, and nobody owes to launch it",
                run.id());
        List<String> manifest =
                run.artifacts().stream().map(artifact -> artifact.id().value()).toList();
        findings.expect(manifest.equals(step.artifacts()), "I2: %s has %s", step, manifest);
        RunStatus first =
                step.kind() == Step.Kind.RUN_TASK ? RunStatus.QUEUED : RunStatus.NOT_STARTED;
        inspectChanges(run, first, changes.getOrDefault(run.id(), List.of()));
    }

    /** Every change makes one version, so that they can be counted. */
    private void inspectChanges(Run run, RunStatus first, List<StepRecord> changed) {
        long sure = 1 + changed.stream().filter(StepRecord::isAcknowledged).count();
        long open = changed.stream().filter(StepRecord::isOpen).count();
        findings.expect(
                run.version() >= sure && run.version() <= sure + open,
                "I4: %s was changed %s times for sure and %s perhaps, and has version %s",
                run.id(),
                sure - 1,
                open,
                run.version());
        TreeMap<Long, RunStatus> path = new TreeMap<>(Map.of(1L, first));
        for (StepRecord deed : changed) {
            if (deed.isAcknowledged() && deed.step().kind() != Step.Kind.START_RUN) {
                long version = Long.parseLong(deed.answer().get(0));
                findings.expect(
                        path.put(version, RunStatus.valueOf(deed.answer().get(1))) == null,
                        "I4: version %s of %s was acknowledged twice",
                        version,
                        run.id());
            }
        }
        RunStatus acknowledged = path.put(run.version(), run.status());
        findings.expect(
                acknowledged == null || acknowledged == run.status(),
                "I7: %s was %s at version %s, and is %s",
                run.id(),
                acknowledged,
                run.version(),
                run.status());
        inspectPath(run, path);
        findings.expect(
                lastWriters(changed, Step.Kind.ADVANCE).contains(run.stage().orElse("")),
                "I4: %s has the stage %s, which is not the last",
                run.id(),
                run.stage());
        Set<String> outputs =
                lastWriters(changed, Step.Kind.SET_OUTPUT).stream()
                        .map(mark -> mark.isEmpty() ? "" : EngineClient.outputOf(mark).text())
                        .collect(Collectors.toSet());
        findings.expect(
                outputs.contains(run.output().map(output -> output.text()).orElse("")),
                "I4: %s has the output %s, which is not the last",
                run.id(),
                run.output());
    }

    /**
     * Who may have written last: the latest acknowledged one, or any of which that is not known.
     */
    private static Set<String> lastWriters(List<StepRecord> changed, Step.Kind kind) {
        List<StepRecord> writers =
                changed.stream().filter(deed -> deed.step().kind() == kind).toList();
        Set<String> marks =
                writers.stream()
                        .filter(StepRecord::isOpen)
                        .map(deed -> deed.step().mark())
                        .collect(Collectors.toSet());
        marks.add(
                writers.stream()
                        .filter(StepRecord::isAcknowledged)
                        .max(Comparator.comparingLong(deed -> Long.parseLong(deed.answer().get(0))))
                        .map(deed -> deed.step().mark())
                        .orElse(""));
        return marks;
    }

    private void inspectPath(Run run, TreeMap<Long, RunStatus> path) {
        Map.Entry<Long, RunStatus> from = path.firstEntry();
        for (Map.Entry<Long, RunStatus> to : path.tailMap(from.getKey(), false).entrySet()) {
            findings.expect(
                    reachable(from.getValue(), to.getKey() - from.getKey()).contains(to.getValue()),
                    "I3: %s went no way of the table: %s",
                    run.id(),
                    path);
            from = to;
        }
    }

    /** Where so many changes can lead to. */
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
                || RunTransitions.decide(from, to) != RunTransitions.Decision.REFUSED;
    }
}
