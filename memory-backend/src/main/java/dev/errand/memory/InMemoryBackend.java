package dev.errand.memory;

import dev.errand.spi.Backend;
import dev.errand.spi.BackendCapability;
import dev.errand.spi.artifact.StagingStore;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.SecretStore;
import dev.errand.spi.task.TaskStore;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;

/**
 * All storage ports in the memory of one process: the reference for other backends, and the one for
 * tests and for hosts that need nothing kept.
 *
 * <p>It owns no thread. What expires is unreadable from that moment on by {@link #clock()}, and its
 * memory is freed by later calls, each doing a bounded part; expired staging waits for {@link
 * StagingStore#removeExpired}, which has to name the keys. Two engines that are to be two nodes of
 * one storage share one instance. Thread-safe.
 */
public final class InMemoryBackend implements Backend {

    private final Clock clock;
    private final InMemoryTaskStore tasks;
    private final InMemoryRunStore runs;
    private final InMemoryStagingStore staging;
    private final InMemoryRunQueue queue;
    private final InMemoryRunLog log;
    private final InMemorySecretStore secrets;

    private InMemoryBackend(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        Projects projects = new Projects();
        queue = new InMemoryRunQueue(projects, clock);
        tasks = new InMemoryTaskStore(projects, clock);
        runs = new InMemoryRunStore(projects, queue, clock);
        staging = new InMemoryStagingStore(projects, clock);
        log = new InMemoryRunLog(projects, clock);
        secrets = new InMemorySecretStore(projects, clock);
    }

    /** A new, empty backend on the system's clock. */
    public static InMemoryBackend create() {
        return create(Clock.systemUTC());
    }

    /** A new, empty backend on this clock. */
    public static InMemoryBackend create(Clock clock) {
        return new InMemoryBackend(clock);
    }

    @Override
    public TaskStore tasks() {
        return tasks;
    }

    @Override
    public RunStore runs() {
        return runs;
    }

    @Override
    public StagingStore staging() {
        return staging;
    }

    @Override
    public RunQueue queue() {
        return queue;
    }

    @Override
    public RunLog log() {
        return log;
    }

    @Override
    public SecretStore secrets() {
        return secrets;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    /** None: nothing outlives the process or is seen by another. */
    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of();
    }

    /** Does nothing: the backend opened nothing, and goes when the last reference to it does. */
    @Override
    public void close() {}
}
