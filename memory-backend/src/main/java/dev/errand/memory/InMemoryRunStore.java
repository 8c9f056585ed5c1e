package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.InsertResult;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.run.NewRun;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunChange;
import dev.errand.spi.run.RunId;
import dev.errand.spi.run.RunInsertResult;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.RunUpdateResult;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import dev.errand.spi.task.TaskWithLatestRun;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The runs. An insertion holds its task's monitor, so that the task is not deleted meanwhile; a
 * change is one compare-and-set on the run's cell. A list reads each run as it stands when it is
 * reached.
 */
final class InMemoryRunStore implements RunStore {

    private static final Replay<RunInsertResult, TaskWithLatestRun> INSERTION =
            new Replay<>(
                    TaskWithLatestRun.class,
                    answer ->
                            answer instanceof RunInsertResult.Inserted inserted
                                    ? Optional.of(inserted.task())
                                    : Optional.empty(),
                    RunInsertResult.Replayed::new,
                    RunInsertResult.KeyConflict::new);

    private static final Replay<InsertResult<TaskWithLatestRun>, TaskWithLatestRun> ANSWER =
            new Replay<>(
                    TaskWithLatestRun.class,
                    answer -> Optional.empty(),
                    InsertResult.Replayed::new,
                    InsertResult.KeyConflict::new);

    private final Projects projects;
    private final InMemoryRunQueue queue;
    private final Clock clock;

    InMemoryRunStore(Projects projects, InMemoryRunQueue queue, Clock clock) {
        this.projects = projects;
        this.queue = queue;
        this.clock = clock;
    }

    @Override
    public RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key) {
        ProjectMemory memory = projects.find(project).orElse(null);
        if (memory == null) {
            return new RunInsertResult.TaskNotFound();
        }
        return key.isEmpty()
                ? insert(memory, project, run)
                : memory.firstAnswers()
                        .once(
                                key.get(),
                                INSERTION,
                                clock.instant(),
                                () -> insert(memory, project, run));
    }

    private RunInsertResult insert(ProjectMemory memory, ProjectId project, NewRun insertion) {
        Run first = insertion.run();
        TaskCell task = memory.find(first.task());
        if (task == null) {
            return new RunInsertResult.TaskNotFound();
        }
        Task standing;
        RunCell cell;
        Stand inserted;
        synchronized (task) {
            standing = task.task();
            Run run = first;
            if (standing.isDeleted()) {
                return new RunInsertResult.TaskNotFound();
            }
            requireNew(task, project, first);
            if (!insertion.consumes().isEmpty()) {
                StagingShelf.Consumption consumed =
                        memory.staging()
                                .consume(first.task(), insertion.consumes(), clock.instant());
                if (!consumed.missing().isEmpty()) {
                    return new RunInsertResult.ArtifactsNotFound(consumed.missing());
                }
                run = withManifest(first, consumed.artifacts());
            }
            inserted = Stand.first(run);
            cell = new RunCell(inserted);
            task.add(cell);
        }
        if (inserted.waits()) {
            memory.waiting().add(cell, inserted);
        }
        return new RunInsertResult.Inserted(
                new TaskWithLatestRun(standing, Optional.of(inserted.run())));
    }

    private static void requireNew(TaskCell task, ProjectId project, Run run) {
        if (!run.project().equals(project)) {
            throw new IllegalArgumentException(
                    "run " + run.id() + " is of project " + run.project() + ", not " + project);
        }
        if (task.find(run.id()) != null) {
            throw new IllegalArgumentException("run id " + run.id() + " was used before");
        }
    }

    @Override
    public Optional<Run> find(ProjectId project, TaskId task, RunId run) {
        RunCell cell = cell(project, task, run);
        return cell == null ? Optional.empty() : Optional.of(cell.run());
    }

    @Override
    public RunUpdateResult update(ProjectId project, RunChange change) {
        ProjectMemory memory = projects.find(project).orElse(null);
        if (memory == null) {
            return new RunUpdateResult.NotFound();
        }
        if (change.key().isEmpty()) {
            return advance(memory, change);
        }
        Replay<RunUpdateResult, TaskWithLatestRun> replay =
                new Replay<>(
                        TaskWithLatestRun.class,
                        answer ->
                                answer instanceof RunUpdateResult.Updated
                                        ? Optional.of(taskOf(memory, change))
                                        : Optional.empty(),
                        RunUpdateResult.Replayed::new,
                        RunUpdateResult.KeyConflict::new);
        return memory.firstAnswers()
                .once(change.key().get(), replay, clock.instant(), () -> advance(memory, change));
    }

    private RunUpdateResult advance(ProjectMemory memory, RunChange change) {
        Run before = change.before();
        RunCell cell = cell(memory, before.task(), before.id());
        if (cell == null) {
            return new RunUpdateResult.NotFound();
        }
        return queue.advance(cell, change);
    }

    private static TaskWithLatestRun taskOf(ProjectMemory memory, RunChange change) {
        TaskWithLatestRun now = memory.find(change.after().task()).read();
        boolean latest =
                now.latestRun().filter(run -> run.id().equals(change.after().id())).isPresent();
        return latest ? new TaskWithLatestRun(now.task(), Optional.of(change.after())) : now;
    }

    @Override
    public Optional<InsertResult<TaskWithLatestRun>> findAnswer(
            ProjectId project, Idempotency key) {
        return projects.find(project)
                .flatMap(memory -> memory.firstAnswers().find(key, ANSWER, clock.instant()));
    }

    @Override
    public Page<Run> list(ProjectId project, TaskId task, PageRequest page) {
        RunCell[] oldestFirst = cells(project, task);
        List<Run> newestFirst = new ArrayList<>();
        for (long i = oldestFirst.length - 1L - page.offset();
                i >= 0 && newestFirst.size() < page.limit();
                i--) {
            newestFirst.add(oldestFirst[(int) i].run());
        }
        return new Page<>(newestFirst, oldestFirst.length);
    }

    @Override
    public List<Run> listOpen(ProjectId project, TaskId task) {
        List<Run> open = new ArrayList<>();
        for (RunCell cell : cells(project, task)) {
            Run run = cell.run();
            if (!run.status().isTerminal() || run.dispatch().phase().isActive()) {
                open.add(run);
            }
        }
        return List.copyOf(open);
    }

    private RunCell[] cells(ProjectId project, TaskId task) {
        return projects.find(project)
                .map(memory -> memory.find(task))
                .map(TaskCell::runs)
                .orElse(TaskCell.NO_RUNS);
    }

    private RunCell cell(ProjectId project, TaskId task, RunId run) {
        return projects.find(project).map(memory -> cell(memory, task, run)).orElse(null);
    }

    private static RunCell cell(ProjectMemory memory, TaskId task, RunId run) {
        TaskCell found = memory.find(task);
        return found == null ? null : found.find(run);
    }

    private static Run withManifest(Run run, List<Artifact> manifest) {
        return new Run(
                run.project(),
                run.task(),
                run.id(),
                run.version(),
                run.status(),
                run.environment(),
                run.stage(),
                run.branch(),
                run.errorMessage(),
                run.output(),
                run.state(),
                manifest,
                run.dispatch(),
                run.endReason(),
                run.createdAt(),
                run.updatedAt(),
                run.completedAt());
    }
}
