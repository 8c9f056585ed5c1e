package dev.errand.memory;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.Run;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.NewRun;
import dev.errand.spi.store.RunChange;
import dev.errand.spi.store.RunInsertResult;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.RunUpdateResult;
import dev.errand.spi.store.StoredResult;
import dev.errand.spi.store.StoredRun;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The runs. */
final class InMemoryRunStore implements RunStore {

    private final Storage storage;
    private final InMemoryStagingStore staging;

    InMemoryRunStore(Storage storage, InMemoryStagingStore staging) {
        this.storage = storage;
        this.staging = staging;
    }

    @Override
    public RunInsertResult insert(ProjectId project, NewRun run, Optional<Idempotency> key) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            ProjectData data = storage.find(project).orElse(null);
            if (data == null) {
                return new RunInsertResult.TaskNotFound();
            }
            Optional<IdempotencyTable.Answer> first = data.answers.find(key, now);
            if (first.isPresent()) {
                return first.get().hasSameRequest(key.orElseThrow())
                                && first.get().task().isPresent()
                        ? new RunInsertResult.Replayed(first.get().task().get())
                        : new RunInsertResult.KeyConflict();
            }
            RunInsertResult result = insert(project, data, run);
            if (result instanceof RunInsertResult.Inserted inserted) {
                data.answers.put(key, Optional.of(inserted.task()), now);
            }
            return result;
        }
    }

    private RunInsertResult insert(ProjectId project, ProjectData data, NewRun insertion) {
        Run run = insertion.run();
        Optional<TaskData> task = data.findTask(run.task());
        if (task.isEmpty()) {
            return new RunInsertResult.TaskNotFound();
        }
        data.requireNew(project, run);
        List<Artifact> manifest =
                staging.find(project, run.task(), insertion.consumes()).stream()
                        .map(StagedArtifact::artifact)
                        .toList();
        if (manifest.size() < insertion.consumes().size()) {
            List<ArtifactId> missing = new ArrayList<>(insertion.consumes());
            missing.removeAll(manifest.stream().map(Artifact::id).toList());
            return new RunInsertResult.ArtifactsNotFound(missing);
        }
        staging.consume(project, insertion.consumes());
        RunData inserted =
                data.addRun(
                        task.get(), new StoredRun(run.withArtifacts(manifest), insertion.entry()));
        storage.queue.add(inserted);
        Task next = insertion.withRecordedConnection(task.get().task);
        if (next != task.get().task) {
            data.update(task.get(), next);
        }
        return new RunInsertResult.Inserted(
                new TaskWithLatestRun(task.get().task, Optional.of(inserted.run())));
    }

    @Override
    public Optional<StoredRun> find(ProjectId project, TaskId task, RunId run) {
        synchronized (storage) {
            return storage.find(project)
                    .filter(data -> data.findTask(task).isPresent())
                    .flatMap(data -> data.findRun(task, run))
                    .map(found -> found.stored);
        }
    }

    @Override
    public Optional<StoredRun> findIncludingDeleted(ProjectId project, TaskId task, RunId run) {
        synchronized (storage) {
            return storage.find(project)
                    .flatMap(data -> data.findRun(task, run))
                    .map(found -> found.stored);
        }
    }

    @Override
    public RunUpdateResult update(ProjectId project, RunChange change) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            ProjectData data = storage.find(project).orElse(null);
            if (data == null) {
                return new RunUpdateResult.NotFound();
            }
            Optional<IdempotencyTable.Answer> first = data.answers.find(change.key(), now);
            if (first.isPresent()) {
                return first.get().hasSameRequest(change.key().orElseThrow())
                                && first.get().task().isPresent()
                        ? new RunUpdateResult.Replayed(first.get().task().get())
                        : new RunUpdateResult.KeyConflict();
            }
            RunUpdateResult result = storage.update(project, change);
            if (result instanceof RunUpdateResult.Updated updated) {
                TaskData task = Objects.requireNonNull(data.tasks.get(updated.run().run().task()));
                data.answers.put(change.key(), Optional.of(task.withLatestRun()), now);
            }
            return result;
        }
    }

    @Override
    public Optional<StoredResult> findStoredResult(ProjectId project, Idempotency key) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            return storage.find(project)
                    .flatMap(data -> data.answers.find(Optional.of(key), now))
                    .map(
                            first ->
                                    first.hasSameRequest(key) && first.task().isPresent()
                                            ? new StoredResult.Replayed(first.task().get())
                                            : new StoredResult.KeyConflict());
        }
    }

    @Override
    public Page<Run> list(ProjectId project, TaskId task, PageRequest page) {
        synchronized (storage) {
            List<RunData> oldestFirst = runs(project, task);
            List<Run> newestFirst = new ArrayList<>();
            long next = oldestFirst.size() - 1 - page.offset();
            while (next >= 0 && newestFirst.size() < page.limit()) {
                newestFirst.add(oldestFirst.get((int) next--).run());
            }
            return new Page<>(newestFirst, oldestFirst.size());
        }
    }

    @Override
    public List<StoredRun> listOpen(ProjectId project, TaskId task) {
        synchronized (storage) {
            return runs(project, task).stream()
                    .filter(data -> !data.run().status().isTerminal() || data.isQueued())
                    .map(data -> data.stored)
                    .toList();
        }
    }

    /** The runs of a task, which may be deleted, oldest first. */
    private List<RunData> runs(ProjectId project, TaskId task) {
        return storage.find(project)
                .map(data -> data.tasks.get(task))
                .map(found -> found.runs)
                .orElse(List.of());
    }
}
