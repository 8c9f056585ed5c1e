package dev.errand.testing.engine;

import dev.errand.spi.Idempotency;
import dev.errand.spi.Page;
import dev.errand.spi.PageRequest;
import dev.errand.spi.ProjectId;
import dev.errand.spi.Secret;
import dev.errand.spi.artifact.ArtifactId;
import dev.errand.spi.artifact.Reservation;
import dev.errand.spi.artifact.StagedArtifact;
import dev.errand.spi.run.RunId;
import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.HostTransaction;
import dev.errand.spi.store.InsertResult;
import dev.errand.spi.store.NewTask;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunSignals;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskFilter;
import dev.errand.spi.store.TaskInsertion;
import dev.errand.spi.store.TaskPosition;
import dev.errand.spi.store.TaskStore;
import dev.errand.spi.store.TaskUpdateResult;
import dev.errand.spi.store.TaskWithLatestRun;
import dev.errand.spi.task.Task;
import dev.errand.spi.task.TaskId;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A backend wrapper that records values that operations do not return: links of tasks to signal
 * reports, secrets and reservations.
 */
final class RecordingBackend implements Backend {

    private final Backend real;
    private final Tasks tasks = new Tasks();
    private final Staging staging = new Staging();
    private final Secrets secrets = new Secrets();
    private final List<NewTask> insertedTasks = new CopyOnWriteArrayList<>();
    private final List<Reservation> reservations = new CopyOnWriteArrayList<>();
    private final Set<RunId> runsWithSecrets = ConcurrentHashMap.newKeySet();

    RecordingBackend(Backend real) {
        this.real = real;
    }

    /** Returns all tasks passed to insert, oldest first. */
    List<NewTask> insertedTasks() {
        return insertedTasks;
    }

    /** Returns all reservations, oldest first. */
    List<Reservation> reservations() {
        return reservations;
    }

    /** Returns all runs with secrets that were stored and not erased. */
    Set<RunId> runsWithSecrets() {
        return runsWithSecrets;
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public RunStore runs() {
        return real.runs();
    }

    @Override
    public StagingStore staging() {
        return staging;
    }

    @Override
    public RunQueue queue() {
        return real.queue();
    }

    @Override
    public RunLog log() {
        return real.log();
    }

    @Override
    public ConversationStore conversations() {
        return real.conversations();
    }

    @Override
    public SecretStore secrets() {
        return secrets;
    }

    @Override
    public RetentionStore retention() {
        return real.retention();
    }

    @Override
    public Optional<RunSignals> signals() {
        return real.signals();
    }

    @Override
    public Optional<RunSignals> changeSignals() {
        return real.changeSignals();
    }

    @Override
    public Optional<HostTransaction> hostTransaction() {
        return real.hostTransaction();
    }

    @Override
    public Clock clock() {
        return real.clock();
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return real.capabilities();
    }

    @Override
    public void close() {
        real.close();
    }

    private final class Tasks implements TaskStore {
        @Override
        public InsertResult<List<TaskWithLatestRun>> insert(
                ProjectId project, List<TaskInsertion> tasks, Optional<Idempotency> key) {
            tasks.forEach(task -> insertedTasks.add(task.task()));
            return real.tasks().insert(project, tasks, key);
        }

        @Override
        public Optional<TaskWithLatestRun> find(ProjectId project, TaskId id) {
            return real.tasks().find(project, id);
        }

        @Override
        public TaskUpdateResult update(ProjectId project, Task next) {
            return real.tasks().update(project, next);
        }

        @Override
        public Page<TaskWithLatestRun> list(
                ProjectId project, TaskFilter filter, PageRequest page) {
            return real.tasks().list(project, filter, page);
        }

        @Override
        public List<TaskWithLatestRun> listAfter(
                ProjectId project, TaskFilter filter, Optional<TaskPosition> after, int limit) {
            return real.tasks().listAfter(project, filter, after, limit);
        }

        @Override
        public Page<TaskWithLatestRun> listByIds(
                ProjectId project, Set<TaskId> ids, PageRequest page) {
            return real.tasks().listByIds(project, ids, page);
        }

        @Override
        public List<String> listRepositories(ProjectId project) {
            return real.tasks().listRepositories(project);
        }
    }

    private final class Staging implements StagingStore {
        @Override
        public void reserve(ProjectId project, List<Reservation> added) {
            reservations.addAll(added);
            real.staging().reserve(project, added);
        }

        @Override
        public Optional<Reservation> findReservation(
                ProjectId project, TaskId task, ArtifactId id) {
            return real.staging().findReservation(project, task, id);
        }

        @Override
        public List<ArtifactId> stage(ProjectId project, List<StagedArtifact> staged) {
            return real.staging().stage(project, staged);
        }

        @Override
        public List<StagedArtifact> find(ProjectId project, TaskId task, List<ArtifactId> ids) {
            return real.staging().find(project, task, ids);
        }
    }

    private final class Secrets implements SecretStore {
        @Override
        public void put(ProjectId project, RunId run, Map<String, Secret> kept, Instant expiresAt) {
            runsWithSecrets.add(run);
            real.secrets().put(project, run, kept, expiresAt);
        }

        @Override
        public Map<String, Secret> find(ProjectId project, RunId run) {
            return real.secrets().find(project, run);
        }

        @Override
        public void erase(ProjectId project, RunId run) {
            runsWithSecrets.remove(run);
            real.secrets().erase(project, run);
        }
    }
}
