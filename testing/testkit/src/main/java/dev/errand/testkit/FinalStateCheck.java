package dev.errand.testkit;

import static dev.errand.testkit.HistoryCheck.holds;

import dev.errand.ProjectClient;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunStatus;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.LogFilter;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Checks the state after all runs have ended: each artifact belongs to one run
 * (docs/invariants.md#i2), acknowledged writes are stored once (docs/invariants.md#i7,
 * docs/architecture.md#w5) and unchanged (docs/invariants.md#i10), lists agree with single reads
 * (docs/invariants.md#i9), and the queue is empty (docs/invariants.md#i11).
 */
final class FinalStateCheck {

    private static final PageRequest ALL = PageRequest.of(PageRequest.MAX_LIMIT, 0);
    private static final int PAGE = 3;

    private final Backend backend;
    private final HistoryCheck history;
    private final Map<RunId, RunStatus> ends;
    private final Set<ArtifactId> consumed = new HashSet<>();

    /**
     * @param ends the terminal statuses that callers received
     */
    FinalStateCheck(Backend backend, HistoryCheck history, Map<RunId, RunStatus> ends) {
        this.backend = backend;
        this.history = history;
        this.ends = ends;
    }

    /** Checks one project against the requests made in it. */
    void verify(ProjectClient api, List<SimulatedRequest> asked) {
        ProjectId project = api.id();
        List<TaskWithLatestRun> listed =
                backend.tasks().list(project, TaskFilter.DEFAULT, ALL).items();
        Map<TaskId, SimulatedRequest> asks =
                asked.stream().collect(Collectors.toMap(it -> it.task.orElseThrow(), it -> it));
        for (TaskWithLatestRun row : listed) {
            TaskId id = row.task().id();
            SimulatedRequest ask = asks.get(id);
            if (ask == null) {
                throw new AssertionError("I7, W5: no caller received " + row);
            }
            holds(backend.tasks().find(project, id).equals(Optional.of(row)), "I9: " + row);
            List<Run> runs = backend.runs().list(project, id, PageRequest.FIRST).items();
            holds(runs.size() == 1, "W5: one run was requested, but there are " + runs);
            verify(ask, row.task(), runs.get(0));
            history.shown(new String(api.wireFormat().writeTask(row)));
        }
        holds(
                listed.size() == asked.size(),
                "I7: expected " + asks.keySet() + ", listed " + listed);
        holds(listed.equals(byPages(project)), "I9: pages of " + listed);
        holds(listed.equals(byCursor(project)), "I9: cursor walk over " + listed);
        history.verify();
    }

    private void verify(SimulatedRequest ask, Task task, Run run) {
        holds(ask.run.equals(Optional.of(run.id())), "I7: " + ask.key + " received another run");
        holds(
                ask.titles.contains(task.details().title()),
                "I10: title is none of " + ask.titles + ": " + task);
        holds(
                task.details().description().equals("of " + ask.key),
                "I10: the description of " + task);
        List<Run> versions = history.of(run.id());
        holds(
                !versions.isEmpty() && versions.get(versions.size() - 1).equals(run),
                "I4: %s is not the latest of %s".formatted(run, versions));
        holds(
                run.status() == ends.getOrDefault(run.id(), run.status()),
                "I7: a caller received status %s of %s".formatted(ends.get(run.id()), run));
        holds(
                run.status().isTerminal()
                        && backend.runs().listOpen(run.project(), run.task()).isEmpty(),
                "I11: run has not ended or is still queued: " + run);
        List<ArtifactId> files = run.artifacts().stream().map(Artifact::id).toList();
        holds(files.containsAll(ask.file.stream().toList()), "I2: artifact is missing: " + run);
        files.forEach(file -> holds(consumed.add(file), "I2: consumed twice: " + file));
        verifyLog(
                ask,
                backend.log().read(run.project(), run.id(), LogFilter.ALL, 0, Integer.MAX_VALUE));
    }

    private void verifyLog(SimulatedRequest ask, List<StoredLogEntry> log) {
        history.shown(log);
        List<String> kept =
                log.stream()
                        .map(line -> line.json().text())
                        .distinct()
                        .filter(ask.lines::contains)
                        .toList();
        holds(kept.equals(ask.lines), "I7: expected lines %s in %s".formatted(ask.lines, log));
    }

    private List<TaskWithLatestRun> byPages(ProjectId project) {
        return walk(
                before ->
                        backend.tasks()
                                .list(
                                        project,
                                        TaskFilter.DEFAULT,
                                        PageRequest.of(PAGE, before.size()))
                                .items());
    }

    private List<TaskWithLatestRun> byCursor(ProjectId project) {
        return walk(
                before ->
                        backend.tasks().listAfter(project, TaskFilter.DEFAULT, last(before), PAGE));
    }

    private static Optional<TaskPosition> last(List<TaskWithLatestRun> before) {
        return before.isEmpty()
                ? Optional.empty()
                : Optional.of(TaskPosition.of(before.get(before.size() - 1).task()));
    }

    private static List<TaskWithLatestRun> walk(
            Function<List<TaskWithLatestRun>, List<TaskWithLatestRun>> nextPage) {
        List<TaskWithLatestRun> walked = new ArrayList<>();
        List<TaskWithLatestRun> page = nextPage.apply(walked);
        while (!page.isEmpty() && walked.size() < PageRequest.MAX_LIMIT) {
            walked.addAll(page);
            page = nextPage.apply(walked);
        }
        return walked;
    }
}
