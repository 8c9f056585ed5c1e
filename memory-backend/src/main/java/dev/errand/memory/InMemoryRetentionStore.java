package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.ErasedData;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.TaskSelection;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Erases tasks. Each call takes time proportional to the number of all tasks. */
final class InMemoryRetentionStore implements RetentionStore {

    private final Storage storage;
    private final InMemoryStagingStore staging;
    private final InMemorySecretStore secrets;
    private final Set<StoredObject> objectDeletions = new LinkedHashSet<>();

    InMemoryRetentionStore(
            Storage storage, InMemoryStagingStore staging, InMemorySecretStore secrets) {
        this.storage = storage;
        this.staging = staging;
        this.secrets = secrets;
    }

    @Override
    public ErasedData eraseTasks(TaskSelection selection, int max) {
        synchronized (storage) {
            List<TaskData> due =
                    storage.projects().values().stream()
                            .flatMap(project -> project.tasks.values().stream())
                            .filter(task -> isSelected(selection, task))
                            .filter(task -> task.runs.stream().noneMatch(RunData::isQueued))
                            .sorted(Comparator.comparing(InMemoryRetentionStore::endOf))
                            .limit(max)
                            .toList();
            ErasedData erased =
                    due.stream().map(this::erase).reduce(ErasedData.NOTHING, ErasedData::plus);
            if (selection instanceof TaskSelection.OfProject all) {
                storage.find(all.project())
                        .filter(project -> project.tasks.isEmpty())
                        .ifPresent(project -> storage.projects().remove(all.project()));
            }
            return erased;
        }
    }

    private static boolean isSelected(TaskSelection selection, TaskData data) {
        if (selection instanceof TaskSelection.Single single) {
            return data.task.project().equals(single.project())
                    && data.task.id().equals(single.task());
        }
        if (selection instanceof TaskSelection.OfProject all) {
            return data.task.project().equals(all.project());
        }
        if (selection instanceof TaskSelection.DeletedBefore deleted) {
            return data.task.deletedAt().filter(at -> at.isBefore(deleted.time())).isPresent();
        }
        TaskSelection.EndedBefore ended = (TaskSelection.EndedBefore) selection;
        return data.withLatestRun()
                        .latestRun()
                        .filter(run -> run.status() == ended.status())
                        .flatMap(Run::completedAt)
                        .filter(at -> at.isBefore(ended.time()))
                        .isPresent()
                && data.runs.stream().allMatch(run -> run.run().status().isTerminal());
    }

    /** Returns when a task was deleted, else when its latest run ended, else its creation time. */
    private static Instant endOf(TaskData data) {
        return data.task
                .deletedAt()
                .or(() -> data.withLatestRun().latestRun().flatMap(Run::completedAt))
                .orElse(data.task.createdAt());
    }

    private ErasedData erase(TaskData data) {
        ProjectId project = data.task.project();
        ProjectData owner = storage.find(project).orElseThrow();
        Set<StoredObject> objects = new LinkedHashSet<>();
        long logs = 0;
        long erasedSecrets = 0;
        for (RunData run : data.runs) {
            run.run().artifacts().stream()
                    .map(Artifact::storagePath)
                    .forEach(key -> objects.add(new StoredObject(project, key)));
            logs += owner.logs.remove(run.run().id()) == null ? 0 : 1;
            erasedSecrets += secrets.eraseAndCount(project, run.run().id());
            owner.runs.remove(run.run().id());
        }
        List<String> uploads = staging.eraseOf(project, data.task.id());
        uploads.forEach(key -> objects.add(new StoredObject(project, key)));
        int answers = owner.answers.eraseOf(data.task.id());
        owner.removeTask(data);
        objectDeletions.addAll(objects);
        return new ErasedData(
                1,
                data.runs.size(),
                logs,
                erasedSecrets,
                uploads.size(),
                answers,
                objects.size(),
                Optional.of(endOf(data)));
    }

    @Override
    public ErasedData deleteLogs(Instant endedBefore, int max) {
        synchronized (storage) {
            ErasedData deleted = ErasedData.NOTHING;
            for (Map.Entry<ProjectId, ProjectData> project : storage.projects().entrySet()) {
                List<RunData> due =
                        project.getValue().logs.keySet().stream()
                                .flatMap(id -> Stream.ofNullable(project.getValue().runs.get(id)))
                                .filter(run -> !run.isQueued())
                                .filter(run -> endedBefore(run.run(), endedBefore))
                                .limit(max - deleted.logs())
                                .toList();
                for (RunData run : due) {
                    project.getValue().logs.remove(run.run().id());
                    deleted =
                            deleted.plus(
                                    new ErasedData(0, 0, 1, 0, 0, 0, 0, run.run().completedAt()));
                }
            }
            return deleted;
        }
    }

    private static boolean endedBefore(Run run, Instant time) {
        return run.completedAt().filter(at -> at.isBefore(time)).isPresent();
    }

    @Override
    public ErasedData deleteExpired(int max) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            ErasedData deleted = secrets.deleteExpired(now, max);
            for (ProjectData project : storage.projects().values()) {
                int left = max - Math.toIntExact(deleted.answers());
                deleted = deleted.plus(project.answers.deleteExpired(now, left));
            }
            return deleted;
        }
    }

    @Override
    public List<StoredObject> listObjectDeletions(int max) {
        synchronized (storage) {
            return objectDeletions.stream().limit(max).toList();
        }
    }

    @Override
    public void removeObjectDeletions(List<StoredObject> deleted) {
        synchronized (storage) {
            deleted.forEach(object -> objectDeletions.remove(Objects.requireNonNull(object)));
        }
    }
}
