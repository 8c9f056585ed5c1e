package dev.errand.spi;

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

/** The storage ports of one storage. Thread-safe; the ports are valid until it is closed. */
public interface Backend extends AutoCloseable {

    /** Tasks. */
    TaskStore tasks();

    /** Runs. */
    RunStore runs();

    /** Reservations and staged artifacts. */
    StagingStore staging();

    /** Runs that are owed something. */
    RunQueue queue();

    /** Logs. */
    RunLog log();

    /** Secrets. */
    SecretStore secrets();

    /**
     * How nodes tell each other of what is queued; empty where they can only look, which is what a
     * backend does that says nothing about it.
     */
    default Optional<QueueSignals> signals() {
        return Optional.empty();
    }

    /** The one clock on which leases, due times and expiry are compared. */
    Clock clock();

    /** What it can do beyond the least. */
    Set<BackendCapability> capabilities();

    /** Lets go of what the backend itself opened. */
    @Override
    void close();
}
