package dev.errand.jdbc.crash;

import dev.errand.ProjectClient;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.StoredLogEntry;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.TaskId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The contents of a project, read through the engine.
 *
 * @param tasks the tasks with their latest runs
 * @param runs the runs of each task
 * @param queued the runs with a queue entry, read from the storage port
 * @param logs the log of each run
 * @param staged the ids of staged artifacts that no run has consumed, read from the storage port
 *     because the engine cannot list them
 */
record ProjectContents(
        List<TaskWithLatestRun> tasks,
        Map<TaskId, List<Run>> runs,
        Set<RunId> queued,
        Map<RunId, List<StoredLogEntry>> logs,
        Set<String> staged) {

    private static final int MAX_ENTRIES = 100_000;

    static ProjectContents read(EngineClient client, ProjectId id, History history) {
        ProjectClient project = client.project(id);
        List<TaskWithLatestRun> tasks = tasks(project);
        Map<TaskId, List<Run>> runs = new HashMap<>();
        Set<RunId> queued = new HashSet<>();
        Map<RunId, List<StoredLogEntry>> logs = new HashMap<>();
        for (TaskWithLatestRun each : tasks) {
            TaskId task = each.task().id();
            PageRequest all = PageRequest.of(PageRequest.MAX_LIMIT, 0);
            runs.put(task, project.runs().list(task, all).items());
            client.backend().runs().listOpen(id, task).stream()
                    .filter(run -> run.entry().isPresent())
                    .forEach(run -> queued.add(run.id()));
            for (Run run : runs.get(task)) {
                logs.put(run.id(), project.runs().readLog(task, run.id(), 0, MAX_ENTRIES));
            }
        }
        Set<String> staged = new HashSet<>();
        for (StepRecord record : history.steps(kind -> kind == Step.Kind.FINALIZE)) {
            ArtifactId artifact = new ArtifactId(record.step().artifacts().get(0));
            client.backend()
                    .staging()
                    .find(id, record.step().task(), List.of(artifact))
                    .forEach(found -> staged.add(found.artifact().id().value()));
        }
        return new ProjectContents(tasks, runs, queued, logs, staged);
    }

    private static List<TaskWithLatestRun> tasks(ProjectClient project) {
        List<TaskWithLatestRun> tasks = new ArrayList<>();
        List<TaskWithLatestRun> step;
        Optional<TaskPosition> after = Optional.empty();
        do {
            step = project.tasks().listAfter(TaskFilter.DEFAULT, after, PageRequest.MAX_LIMIT);
            tasks.addAll(step);
            after = tasks.isEmpty() ? after : Optional.of(last(tasks));
        } while (!step.isEmpty());
        return tasks;
    }

    private static TaskPosition last(List<TaskWithLatestRun> tasks) {
        return TaskPosition.of(tasks.get(tasks.size() - 1).task());
    }

    /** Returns the runs of all tasks. */
    List<Run> everyRun() {
        return runs.values().stream().flatMap(List::stream).toList();
    }
}
