package dev.errand.memory;

import dev.errand.spi.ProjectId;
import dev.errand.spi.artifact.Artifact;
import dev.errand.spi.artifact.StoredObject;
import dev.errand.spi.run.Run;
import dev.errand.spi.store.Conversation;
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
                            .sorted(order(selection))
                            .limit(max)
                            .toList();
            ErasedData erased = ErasedData.NOTHING;
            for (TaskData task : due) {
                erased = erased.plus(erase(task, dueSince(selection, task)));
            }
            return erased;
        }
    }

    private static Comparator<TaskData> order(TaskSelection selection) {
        return selection instanceof TaskSelection.DeletedBefore
                ? Comparator.comparing(data -> data.task.deletedAt().orElseThrow())
                : Comparator.comparing(data -> data.task.createdAt());
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

    /** Returns when the latest run ended or the task was deleted, as the selection asks. */
    private static Optional<Instant> dueSince(TaskSelection selection, TaskData data) {
        return selection instanceof TaskSelection.EndedBefore
                ? data.withLatestRun().latestRun().flatMap(Run::completedAt)
                : data.task.deletedAt();
    }

    private ErasedData erase(TaskData data, Optional<Instant> dueSince) {
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
            Optional.ofNullable(owner.conversations.remove(run.run().id()))
                    .flatMap(Conversation::content)
                    .ifPresent(it -> objects.add(new StoredObject(project, it.storagePath())));
            erasedSecrets += secrets.eraseAndCount(project, run.run().id());
            owner.runs.remove(run.run().id());
        }
        List<String> uploads = staging.eraseOf(project, data.task.id());
        uploads.forEach(key -> objects.add(new StoredObject(project, key)));
        int answers = owner.answers.eraseOf(data.task.id());
        owner.removeTask(data);
        storage.objectDeletions.addAll(objects);
        return new ErasedData(
                1,
                data.runs.size(),
                logs,
                erasedSecrets,
                uploads.size(),
                answers,
                objects.size(),
                dueSince);
    }

    @Override
    public ErasedData eraseLogs(Instant endedBefore, int max) {
        synchronized (storage) {
            ErasedData erased = ErasedData.NOTHING;
            for (Map.Entry<ProjectId, ProjectData> project : storage.projects().entrySet()) {
                List<RunData> due =
                        project.getValue().logs.keySet().stream()
                                .flatMap(id -> Stream.ofNullable(project.getValue().runs.get(id)))
                                .filter(run -> !run.isQueued())
                                .filter(run -> endedBefore(run.run(), endedBefore))
                                .limit(max - erased.logs())
                                .toList();
                for (RunData run : due) {
                    project.getValue().logs.remove(run.run().id());
                    erased =
                            erased.plus(
                                    new ErasedData(0, 0, 1, 0, 0, 0, 0, run.run().completedAt()));
                }
                erased =
                        erased.plus(
                                eraseConversations(
                                        project.getKey(),
                                        project.getValue(),
                                        endedBefore,
                                        max - erased.objects()));
            }
            return erased;
        }
    }

    private ErasedData eraseConversations(
            ProjectId project, ProjectData data, Instant endedBefore, long max) {
        List<RunData> due =
                data.conversations.entrySet().stream()
                        .filter(entry -> entry.getValue().content().isPresent())
                        .flatMap(entry -> Stream.ofNullable(data.runs.get(entry.getKey())))
                        .filter(run -> !run.isQueued())
                        .filter(run -> endedBefore(run.run(), endedBefore))
                        .limit(max)
                        .toList();
        ErasedData erased = ErasedData.NOTHING;
        for (RunData run : due) {
            Conversation before = Objects.requireNonNull(data.conversations.get(run.run().id()));
            data.conversations.put(run.run().id(), new Conversation(before.id(), Optional.empty()));
            storage.objectDeletions.add(
                    new StoredObject(project, before.content().orElseThrow().storagePath()));
            erased = erased.plus(new ErasedData(0, 0, 0, 0, 0, 0, 1, run.run().completedAt()));
        }
        return erased;
    }

    private static boolean endedBefore(Run run, Instant time) {
        return run.completedAt().filter(at -> at.isBefore(time)).isPresent();
    }

    @Override
    public ErasedData eraseExpired(int max) {
        synchronized (storage) {
            Instant now = storage.clock.instant();
            ErasedData erased = secrets.eraseExpired(now, max);
            for (ProjectData project : storage.projects().values()) {
                int left = max - Math.toIntExact(erased.answers());
                erased = erased.plus(project.answers.eraseExpired(now, left));
            }
            for (InMemoryStagingStore.Expired expired : staging.removeExpired(now, max)) {
                StoredObject object =
                        new StoredObject(expired.project(), expired.reservation().storagePath());
                boolean isDeleted = !expired.consumed() && !isNamed(expired);
                if (isDeleted) {
                    storage.objectDeletions.add(object);
                }
                Instant expiredAt = expired.reservation().expiresAt();
                erased =
                        erased.plus(
                                new ErasedData(
                                        0,
                                        0,
                                        0,
                                        0,
                                        1,
                                        0,
                                        isDeleted ? 1 : 0,
                                        Optional.of(expiredAt)));
            }
            return erased;
        }
    }

    /** Returns whether the manifest of a run names the object of an upload to that run. */
    private boolean isNamed(InMemoryStagingStore.Expired expired) {
        return storage
                .find(expired.project())
                .map(project -> project.tasks.get(expired.reservation().task()))
                .map(task -> task.runs)
                .orElse(List.of())
                .stream()
                .flatMap(run -> run.run().artifacts().stream())
                .anyMatch(it -> it.storagePath().equals(expired.reservation().storagePath()));
    }

    @Override
    public List<StoredObject> listObjectDeletions(int max) {
        synchronized (storage) {
            return storage.objectDeletions.stream().limit(max).toList();
        }
    }

    @Override
    public void removeObjectDeletions(List<StoredObject> deleted) {
        synchronized (storage) {
            deleted.forEach(
                    object -> storage.objectDeletions.remove(Objects.requireNonNull(object)));
        }
    }
}
