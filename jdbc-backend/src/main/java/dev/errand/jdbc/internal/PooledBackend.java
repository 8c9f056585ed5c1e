package dev.errand.jdbc.internal;

import dev.errand.spi.store.Backend;
import dev.errand.spi.store.BackendCapability;
import dev.errand.spi.store.ConversationStore;
import dev.errand.spi.store.HostTransaction;
import dev.errand.spi.store.RetentionStore;
import dev.errand.spi.store.RunLog;
import dev.errand.spi.store.RunQueue;
import dev.errand.spi.store.RunSignals;
import dev.errand.spi.store.RunStore;
import dev.errand.spi.store.SecretStore;
import dev.errand.spi.store.StagingStore;
import dev.errand.spi.store.TaskStore;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;

/** A backend that closes its connection pool when it is closed. */
final class PooledBackend implements Backend {

    private final Backend backend;
    private final ConnectionPool pool;

    PooledBackend(Backend backend, ConnectionPool pool) {
        this.backend = backend;
        this.pool = pool;
    }

    @Override
    public TaskStore tasks() {
        return backend.tasks();
    }

    @Override
    public RunStore runs() {
        return backend.runs();
    }

    @Override
    public StagingStore staging() {
        return backend.staging();
    }

    @Override
    public RunQueue queue() {
        return backend.queue();
    }

    @Override
    public RunLog log() {
        return backend.log();
    }

    @Override
    public ConversationStore conversations() {
        return backend.conversations();
    }

    @Override
    public SecretStore secrets() {
        return backend.secrets();
    }

    @Override
    public RetentionStore retention() {
        return backend.retention();
    }

    @Override
    public Optional<RunSignals> signals() {
        return backend.signals();
    }

    @Override
    public Optional<RunSignals> changeSignals() {
        return backend.changeSignals();
    }

    @Override
    public Optional<HostTransaction> hostTransaction() {
        return backend.hostTransaction();
    }

    @Override
    public Clock clock() {
        return backend.clock();
    }

    @Override
    public Set<BackendCapability> capabilities() {
        return backend.capabilities();
    }

    @Override
    public void close() {
        try (pool) {
            backend.close();
        }
    }
}
