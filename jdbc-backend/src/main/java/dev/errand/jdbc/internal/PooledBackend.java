package dev.errand.jdbc.internal;

import dev.errand.spi.Backend;
import dev.errand.spi.BackendCapability;
import dev.errand.spi.artifact.StagingStore;
import dev.errand.spi.dispatch.QueueSignals;
import dev.errand.spi.dispatch.RunQueue;
import dev.errand.spi.run.RunLog;
import dev.errand.spi.run.RunStore;
import dev.errand.spi.run.SecretStore;
import dev.errand.spi.task.TaskStore;
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
    public SecretStore secrets() {
        return backend.secrets();
    }

    @Override
    public Optional<QueueSignals> signals() {
        return backend.signals();
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
