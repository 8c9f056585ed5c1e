package dev.errand.memory;

import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskStore;
import java.time.Clock;
import java.util.Objects;
import java.util.Set;

/**
 * The reference backend: all storage ports in the memory of one process, for tests and for hosts
 * that need no durability.
 *
 * <p>Several engines that share one instance behave like several nodes that share one database. No
 * thread is started. Expired data cannot be read. Expired secrets and idempotency keys are removed
 * by later calls, expired uploads by {@link RetentionStore#eraseExpired}. Thread-safe: one lock
 * serialises all calls, so throughput does not grow with the number of threads.
 */
public final class InMemoryBackend implements Backend {

    private final Clock clock;
    private final InMemoryTaskStore tasks;
    private final InMemoryRunStore runs;
    private final InMemoryStagingStore staging;
    private final InMemoryRunQueue queue;
    private final InMemoryRunLog log;
    private final InMemorySecretStore secrets;
    private final InMemoryConversationStore conversations;
    private final InMemoryRetentionStore retention;

    private InMemoryBackend(Clock clock) {
        this.clock = Objects.requireNonNull(clock, "clock");
        Storage storage = new Storage(clock);
        tasks = new InMemoryTaskStore(storage);
        staging = new InMemoryStagingStore(storage);
        runs = new InMemoryRunStore(storage, staging);
        queue = new InMemoryRunQueue(storage);
        log = new InMemoryRunLog(storage);
        secrets = new InMemorySecretStore(storage);
        conversations = new InMemoryConversationStore(storage, staging);
        retention = new InMemoryRetentionStore(storage, staging, secrets);
    }

    /** Creates an empty backend that uses the system clock. */
    public static InMemoryBackend create() {
        return create(Clock.systemUTC());
    }

    /** Creates an empty backend that uses the given clock. */
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
    public ConversationStore conversations() {
        return conversations;
    }

    @Override
    public RetentionStore retention() {
        return retention;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    /** Returns the empty set: data is neither durable nor shared between processes. */
    @Override
    public Set<BackendCapability> capabilities() {
        return Set.of();
    }

    /** Does nothing. The data stays readable until the instance is garbage-collected. */
    @Override
    public void close() {}
}
